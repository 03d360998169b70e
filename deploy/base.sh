#!/bin/sh
# A base image of Debian's own packages where no image registry is reached:
#
#     sh deploy/base.sh && export KPOP_BASE_IMAGE=localhost/debian:bookworm
#
# needs debootstrap and podman, and root for debootstrap.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
debootstrap --variant=minbase --include=ca-certificates bookworm "$folder"
for suite in bookworm-updates bookworm-security; do
    archive=$(echo "$suite" | sed -n 's/.*security/-security/p')
    sed -n "s| bookworm main| $suite main|;s|/debian |/debian$archive |p" "$folder/etc/apt/sources.list"
done > "$folder/etc/apt/sources.list.d/later.list"
rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
tar -C "$folder" -c . | podman import - localhost/debian:bookworm
