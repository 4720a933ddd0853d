#!/bin/sh
# Makes the namespace and the search attributes that Storyreel's workflows carry; nothing happens when they are there.
set -eu

until temporal operator cluster health; do
    sleep 2
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 72h

# A new namespace is not known to every part of the server at once.
until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --type Keyword --type Keyword --type Keyword \
    --type Keyword --type Text --name WorkspaceId --name WorkItemId --name Stage --name TaskId --name Title; do
    sleep 2
done
