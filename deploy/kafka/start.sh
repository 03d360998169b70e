#!/bin/sh
# Kafka of one node. What it was sent stays in /data and outlives it.
set -euf
run="java -Xmx512m -XX:+UseSerialGC -cp /opt/kafka/*"
if [ ! -s /data/log/meta.properties ]; then
    $run kafka.tools.StorageTool format --config /opt/server.properties \
        --cluster-id "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | cut -c1-22)"
fi
# Whoever takes plays wants their topic to be there; it is made once the broker answers.
if [ ! -d /data/log/plays-0 ]; then
    { until $run org.apache.kafka.tools.TopicCommand --bootstrap-server 127.0.0.1:9092 --create \
        --if-not-exists --topic plays --partitions 3; do sleep 2; done; } >/dev/null 2>&1 &
fi
exec $run kafka.Kafka /opt/server.properties
