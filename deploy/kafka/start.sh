#!/bin/sh
# Kafka of one node. What it was sent stays in /data and outlives it.
set -euf
run="java -Xmx512m -XX:+UseSerialGC -cp /opt/kafka/*"
if [ ! -s /data/log/meta.properties ]; then
    $run kafka.tools.StorageTool format --config /opt/server.properties \
        --cluster-id "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | cut -c1-22)"
fi
# Whoever takes or sends lines wants their topics to be there; they are made once the broker answers.
for topic in plays feedback; do
    [ -d "/data/log/$topic-0" ] || { until $run org.apache.kafka.tools.TopicCommand \
        --bootstrap-server 127.0.0.1:9092 --create --if-not-exists --topic "$topic" --partitions 3; do
        sleep 2
    done; } >/dev/null 2>&1 &
done
exec $run kafka.Kafka /opt/server.properties
