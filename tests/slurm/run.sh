#!/usr/bin/env bash
# Runs a batch job on a real Slurm cluster of four nodes and injects faults. After each fault, the merged file must contain
# every photo exactly once and be identical to that of an undisturbed run without Slurm.
#
#   tests/slurm/run.sh [--photos N] [--shard-size N] [--graph NAME] [--keep]
#
# Needs root on Debian or Ubuntu: it installs slurm-wlm, slurmctld, slurmd, slurm-client and munge if they are missing.
# It starts its own daemons, which listen on loopback and keep their files in one temporary folder, and stops them by process id.
set -euo pipefail
cd "$(dirname "$0")/../.."

photos=20000 shard_size=500 graph=cnn keep=
while (($#)); do
  case $1 in
    --photos) photos=$2; shift 2 ;;
    --shard-size) shard_size=$2; shift 2 ;;
    --graph) graph=$2; shift 2 ;;
    --keep) keep=yes; shift ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "Found '$1'; expected --photos N, --shard-size N, --graph NAME or --keep." >&2; exit 2 ;;
  esac
done

if ((EUID != 0)); then
  echo "Found user $(id -un); expected root, since slurmd starts tasks as the user who submitted them. Run it with sudo or in a container." >&2
  exit 2
fi

# --- Requirements -----------------------------------------------------------------------------------------------

missing=
for tool in slurmctld slurmd sbatch munged; do command -v "$tool" >/dev/null || missing=yes; done
if [[ $missing ]]; then
  # Keep Debian from starting the daemons on installation; they are started below with their own configuration.
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm slurmctld slurmd slurm-client munge
fi

work=$(mktemp -d -t inpaint-slurm-XXXXXX)
chmod 755 "$work"
# A copy of the program, which later builds do not change.
dotnet publish -c Release pipelines/Inpaint.Cli --nologo -v quiet -o "$work/program"
inpaint() { dotnet "$work/program/Inpaint.Cli.dll" "$@" 2>>"$work/inpaint.err"; }

export OMP_NUM_THREADS=1
declare -A daemon=()

stop_all() {
  local status=$?
  set +e
  [[ -e $work/slurm.conf ]] && scancel --quiet --user root 2>/dev/null && sleep 1
  for name in "${!daemon[@]}"; do kill "${daemon[$name]}" 2>/dev/null; done
  for _ in {1..50}; do
    alive=
    for name in "${!daemon[@]}"; do kill -0 "${daemon[$name]}" 2>/dev/null && alive=yes; done
    [[ $alive ]] || break
    sleep 0.1
  done
  for name in "${!daemon[@]}"; do kill -9 "${daemon[$name]}" 2>/dev/null; done
  [[ ${policy:-} ]] && rm -f "$policy"
  if [[ $keep ]] || ((status != 0)); then echo "The files are kept in $work." >&2; else rm -rf "$work"; fi
  exit "$status"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# --- Slurm -------------------------------------------------------------------------------------------------------

start() { # name, command...: a daemon in the background
  local name=$1
  shift
  "$@" >>"$work/$name.out" 2>&1 &
  daemon[$name]=$!
  disown # no message from the shell when it is killed
}

start_node() { start "$1" slurmd -D -N "$1" -f "$work/slurm.conf"; }

wait_until() { # seconds, what, command...: until the command succeeds
  local seconds=$1 what=$2 end
  end=$((SECONDS + seconds))
  shift 2
  until "$@"; do
    if ((SECONDS >= end)); then
      echo "Timed out after $seconds s waiting for $what. See $work/*.out." >&2
      return 1
    fi
    sleep 0.2
  done
}

nodes_idle() { [[ $(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l) == 4 ]]; }

mkdir -m 755 "$work/munge" "$work/state" "$work/spool"
(umask 077 && head -c 1024 /dev/urandom >"$work/munge/key")
start munged munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed"

host=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=inpaint
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17000
SlurmUser=root
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SlurmdTimeout=10
InactiveLimit=0
KillWait=10
MinJobAge=300
JobRequeue=1
ReturnToService=2
NodeName=n[1-4] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17004] CPUs=1 RealMemory=4096 State=UNKNOWN
PartitionName=all Nodes=n[1-4] Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf

wait_until 10 "munged's socket" test -S "$work/munge/socket"
start slurmctld slurmctld -D -i -f "$work/slurm.conf"
for node in n1 n2 n3 n4; do start_node "$node"; done
wait_until 60 "four idle nodes" nodes_idle
echo "Slurm $(sinfo --version | cut -d' ' -f2): $(sinfo -h -o '%D nodes, %T')."

# --- The job and its faults -----------------------------------------------------------------------------

plan() { inpaint batch plan "scenes:$photos" --graph "onnx/$graph" --shard-size "$shard_size" --out "$1" >/dev/null; }
json() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p"; }
attempts() { cat "$1"/attempts/[0-9]*.log 2>/dev/null | grep -c " $2 " || true; }
parts() { find "$1/out" -name 'part-*.parquet' 2>/dev/null | wc -l; }
queue_empty() { [[ -z $(squeue -h 2>/dev/null || echo unknown) ]]; }
job_of() { squeue -h -t R -w "$1" -o %A | head -1; }          # the job running on a node
step_of() { pgrep -f "^slurmstepd: \[$1\.batch\]" | head -1; } # its slurmstepd
task_of() { pgrep -P "$(step_of "$1")" | head -1; }           # the program itself

# Waits until a node's task has started its shard, and sets $job, $step and $task to its ids.
wait_for_task() {
  local node=$1
  is_running() {
    job=$(job_of "$node") && [[ $job ]] && step=$(step_of "$job") && [[ $step ]] && task=$(task_of "$job") && [[ $task ]] &&
      grep -q " begun [^ ]*/$task " "$folder"/attempts/[0-9]*.log
  }
  wait_until 120 "a task on $node" is_running
}

fault_none() { :; }

fault_task() {
  wait_for_task n2
  kill -9 "$task"
}

fault_preempted() {
  wait_for_task n3
  scontrol requeue "$job"
}

fault_node() {
  wait_for_task n1
  kill -9 "${daemon[n1]}" "$step" "$task"
}

fault_daemon() {
  # The task is suspended until Slurm has assigned its shard to another node, and then resumed: two concurrent attempts.
  wait_for_task n4
  kill -STOP "$task"
  kill -9 "${daemon[n4]}"
  local log
  log=$(grep -l "/$task " "$folder"/attempts/[0-9]*.log)
  twice() { (($(grep -c " begun " "$log") >= 2)); }
  wait_until 240 "the second attempt" twice
  kill -CONT "$task" 2>/dev/null || true
}

row() { printf '| %-58s | %7s | %8s | %5s | %7s | %9s | %-6s |\n' "$@"; }

# The same job without Slurm and without faults.
SECONDS=0
plan "$work/local"
inpaint batch run "$work/local" --workers 1 >/dev/null
expected=$(inpaint batch merge "$work/local" --out "$work/local.parquet" --json | json sha256)
local_seconds=$SECONDS
echo "$photos scenes in $(find "$work/local/shards" -name '*.jsonl' | wc -l) shards, graph $graph; without Slurm, one worker: $local_seconds s, sha256 $expected"
rm -rf "$work/local" "$work/local.parquet"

echo
row "fault" "seconds" "attempts" "races" "missing" "duplicate" "sha256"
printf '|---|--:|--:|--:|--:|--:|---|\n'
failures=0
run() { # fault, title
  local name=$1 title=$2 folder=$work/$1 begin seconds merged rows bad sum
  plan "$folder"
  begin=$SECONDS
  inpaint batch submit "$folder" --engine slurm --memory 1024 >"$folder/submit.out"
  enough_parts() { (($(parts "$folder") * 5 >= photos / shard_size)); }
  if [[ $name != none ]]; then wait_until 300 "a fifth of the shards" enough_parts; fi
  "fault_$name"
  wait_until 900 "an empty queue" queue_empty
  seconds=$((SECONDS - begin))
  for node in n1 n2 n3 n4; do kill -0 "${daemon[$node]}" 2>/dev/null || start_node "$node"; done
  wait_until 60 "four idle nodes" nodes_idle
  if merged=$(inpaint batch merge "$folder" --out "$work/$name.parquet" --json); then
    rows=$(json rows <<<"$merged") bad=$(json bad <<<"$merged") sum=$(json sha256 <<<"$merged")
  else
    rows=0 bad=0 sum="none: $(tail -n 1 "$work/inpaint.err")"
  fi
  # Merging already rejects missing and duplicate rows; check the count anyway.
  local missing=$((rows < photos ? photos - rows : 0)) duplicate=$((rows > photos ? rows - photos : 0)) same=equal
  [[ $sum == "$expected" ]] || same="$sum"
  row "$title" "$seconds" "$(attempts "$folder" begun)" "$(attempts "$folder" lost)" "$missing" "$duplicate" "$same"
  if [[ $same != equal || $bad != 0 || $rows != "$photos" ]]; then
    failures=$((failures + 1))
  else
    rm -rf "$folder" "$work/$name.parquet"
  fi
}

run none "none"
run task "a task is killed (-9)"
run preempted "a task is preempted (SIGTERM and requeued)"
run node "a node's daemon and its task are killed (-9)"
run daemon "a node's daemon is killed, its task survives"
echo
if ((failures > 0)); then
  echo "$failures of 5 runs differ from the undisturbed result." >&2
  exit 1
fi
echo "All 5 runs match the undisturbed result."
