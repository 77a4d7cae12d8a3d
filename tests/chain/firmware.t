#!/bin/bash
# A few devices fetch their firmware over a real broker while processes are killed and links lose, repeat, reorder and
# corrupt: each ends with the exact image. tests/load/firmware is the same at large.
. "${0%/*}/../lib/tap.sh"
. "$root/pipelines/services.sh"
. "$root/tests/lib/fleet.sh"
cleanup() { fleet_end; }

fleet_chunk=4096 fleet_timeout=1 fleet_accidents=1
fleet_begin 3 150000 1 || { flunk "a fleet starts"; finish; }
fleet_announce
fleet_disturb 2 0.1
fleet_check 60
finish
