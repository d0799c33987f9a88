#!/usr/bin/env bash
# Coverage-guided fuzzing of all readers of untrusted files, with AFL++ and SharpFuzz: see tests/Inpaint.Fuzz/README.md.
#
#   tests/fuzz.sh [SECONDS] [TARGET...]
#
# SECONDS per target (default 60); without TARGET, all targets. Prints a table, and fails if an input crashes or hangs a reader or
# exceeds a bound; such inputs are kept in artifacts/fuzz, as is the corpus, from which the next run continues.
# Needs AFL++, which it installs as root on Debian or Ubuntu; if it is not available, the script prints a message and does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
if [[ ${1:-} == -h || ${1:-} == --help ]]; then sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0; fi
if [[ ${1:-} =~ ^[0-9]+$ ]]; then seconds=$1; shift; fi
if ((seconds < 5)); then echo "Found $seconds seconds; expected 5 or more per target." >&2; exit 2; fi

if ! command -v afl-fuzz >/dev/null; then
  if ((EUID == 0)) && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends afl++ >/dev/null || true
  fi
  if ! command -v afl-fuzz >/dev/null; then
    echo "Skipped: afl-fuzz was not found and could not be installed (this needs root and apt-get). Install AFL++ and run this again."
    exit 0
  fi
fi

work=artifacts/fuzz
mkdir -p "$work"
version=$(sed -n 's/.*"SharpFuzz" Version="\([^"]*\)".*/\1/p' Directory.Packages.props)
if [[ ! -e $work/tool/sharpfuzz ]]; then dotnet tool install SharpFuzz.CommandLine --version "$version" --tool-path "$work/tool"; fi

# The program, and a copy that only runs under afl-fuzz: our libraries and two parser libraries are instrumented, native code is not.
rm -rf "$work/program" "$work/instrumented"
dotnet publish -c Release tests/Inpaint.Fuzz --nologo -v quiet -o "$work/program"
cp -r "$work/program" "$work/instrumented"
for library in Inpaint Inpaint.Onnx Google.Protobuf Parquet; do "$work/tool/sharpfuzz" "$work/instrumented/$library.dll"; done
program() { dotnet "$work/program/Inpaint.Fuzz.dll" "$@"; }

mapfile -t known < <(program --list)
targets=("$@")
if ((${#targets[@]} == 0)); then targets=("${known[@]}"); fi
for target in "${targets[@]}"; do
  if [[ " ${known[*]} " != *" $target "* ]]; then echo "Found the target '$target'; expected one of: ${known[*]}." >&2; exit 2; fi
done

# Inputs of readers that take paths are written to a temporary folder, in memory if possible.
TMPDIR=$(mktemp -d -p "$([[ -d /dev/shm && -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" inpaint-fuzz-XXXXXX)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM

export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1
# At most 1 GiB of managed memory; more is an OutOfMemoryException, a crash. A collector for one thread with small objects.
export DOTNET_GCHeapHardLimit=0x40000000 DOTNET_gcConcurrent=0 DOTNET_gcServer=0

stat() { sed -n "s/^$1 *: //p" "$work/$2/out/default/fuzzer_stats"; }
row() { printf '| %-14s | %12s | %8s | %7s | %7s | %5s |\n' "$@"; }
lines=() total=0 bad=0
for target in "${targets[@]}"; do
  folder=$work/$target
  rm -rf "$folder/out" "$folder/in"
  program "$target" --seeds "$folder/in"
  if [[ -d $folder/corpus ]]; then cp "$folder"/corpus/* "$folder/in/"; fi
  dictionary=()
  case $target in manifest | captions.jsonl | coco) dictionary=(-x tests/Inpaint.Fuzz/json.dict) ;; esac
  echo "$target: $seconds s from $(find "$folder/in" -type f | wc -l) inputs ..." >&2
  afl-fuzz -i "$folder/in" -o "$folder/out" -t 10000 -m none -G 65536 -V "$seconds" "${dictionary[@]}" \
    dotnet "$work/instrumented/Inpaint.Fuzz.dll" "$target" >"$folder/afl.log" 2>&1 ||
    { tail -n 20 "$folder/afl.log" >&2; echo "afl-fuzz failed on $target; see $folder/afl.log." >&2; exit 1; }
  mkdir -p "$folder/corpus"
  for found in "$folder"/out/default/queue/id*; do cp "$found" "$folder/corpus/$(sha256sum "$found" | cut -c1-16)"; done
  crashes=$(stat saved_crashes "$target") hangs=$(stat saved_hangs "$target") runs=$(stat execs_done "$target")
  total=$((total + runs)) bad=$((bad + crashes + hangs))
  lines+=("$(row "$target" "$runs" "$(stat execs_per_sec "$target" | cut -d. -f1)" "$(stat corpus_count "$target")" "$crashes" "$hangs")")
done

row target executions per_s corpus crashes hangs
printf '|---|--:|--:|--:|--:|--:|\n'
printf '%s\n' "${lines[@]}"
echo "$total executions."
if ((bad > 0)); then
  echo "$bad inputs crashed or hung a reader or exceeded a bound: $work/TARGET/out/default/{crashes,hangs}. To reproduce one:" >&2
  echo "  dotnet run -c Release --project tests/Inpaint.Fuzz -- TARGET --once FILE" >&2
  exit 1
fi
