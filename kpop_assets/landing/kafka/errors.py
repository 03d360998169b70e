"""What can go wrong between us and a Kafka cluster.

Belongs here: the one error of this room. Does not belong here: retries, which the client does by
itself as long as the cluster may come back.
"""

from __future__ import annotations

from kpop_assets.errors import KpopError


class KafkaError(KpopError):
    """The cluster cannot be used, or its topic does not go on where we left it."""
