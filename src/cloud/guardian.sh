# Runs a program until whoever started this script is gone, however that ended: our end of the pipe on
# standard input is then closed. Then ends the program, and removes the folder that it worked in.
#
#   sh guardian.sh FOLDER SECONDS PROGRAM ARGUMENT...
folder=$1 patience=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{
    cat <&3 >/dev/null
    kill -TERM "$program"
    sleep "$patience"
    kill -KILL "$program"
} 2>/dev/null &
wait "$program"
rm -rf -- "$folder"
# The process group is this script's own: what waits above, and what the program has left running.
kill -KILL 0
