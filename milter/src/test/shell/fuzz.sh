# Sourced by ./check, in the repository's root, after prepare.sh: runs the fuzz targets with Jazzer.
# shellcheck shell=bash

# Of what --torture was told, this is ours; the rest is left in arguments.
# shellcheck disable=SC2034 # ./check reads them
split_fuzz_minutes() {
  fuzz_minutes=10
  arguments=()
  while [ $# -gt 0 ]; do
    if [ "$1" = --fuzz-minutes ]; then
      fuzz_minutes=${2:?--fuzz-minutes needs a number}
      shift
    else
      arguments+=("$1")
    fi
    shift
  done
}

# fuzz [--minutes N] [TARGET...]: each for so long (10 by default), one after the other.
fuzz() {
  local minutes=10 targets=() failed=() target class_path
  while [ $# -gt 0 ]; do
    case $1 in
      --minutes) minutes=${2:?--minutes needs a number}; shift 2 ;;
      -*) echo "check --fuzz: no such option: $1" >&2; return 2 ;;
      *) targets+=("$1"); shift ;;
    esac
  done
  case $minutes in
    '' | *[!0-9]* | 0) echo "check --fuzz: --minutes is a whole number from 1" >&2; return 2 ;;
  esac
  if [ ${#targets[@]} -eq 0 ]; then
    mapfile -t targets < <(fuzz_targets)
  fi
  mkdir -p milter/target/fuzz
  mvn -B -ntp -q -Pfuzz -pl milter test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/fuzz/class-path 2>&1 | sed $'s/\e\\[0m//g' | sed '/^$/d'
  class_path=$PWD/milter/target/test-classes:$PWD/milter/target/classes
  class_path=$class_path:$(cat milter/target/fuzz/class-path)
  for target in "${targets[@]}"; do
    fuzz_one "$target" "$minutes" "$class_path" || failed+=("$target")
  done
  if [ ${#failed[@]} -gt 0 ]; then
    echo "broken: ${failed[*]}" >&2
    return 1
  fi
}

fuzz_targets() {
  find milter/src/test/java -name '*FuzzTest.java' -printf '%f\n' | sed 's/FuzzTest\.java$//' | sort
}

# What it finds it adds to milter/target/fuzz/TARGET, which the next run begins with.
fuzz_one() {
  local target=$1 source class work status=0
  source=$(find milter/src/test/java -name "${target}FuzzTest.java")
  [ -n "$source" ] || { echo "check --fuzz: no such target: $target" >&2; return 2; }
  class=${source#milter/src/test/java/}
  class=${class%.java}
  class=${class//\//.}
  work=milter/target/fuzz/$target
  mkdir -p "$work" "$work.crashes"
  printf '%s: %s min ... ' "$target" "$2"
  # Without its own detectors of bugs in other classes, which cost more than they could find here.
  # A minute for one input, or 512 MiB, is as bad as an exception.
  nice -n 10 java -Xmx512m -XX:+UseSerialGC -cp "$3" com.code_intelligence.jazzer.Jazzer \
    --target_class="$class" \
    --instrumentation_includes='org.mailjournal.**:org.nightcode.**:org.bouncycastle.asn1.**:com.typesafe.config.**:org.apache.james.**' \
    --custom_hook_includes='org.mailjournal.**' \
    --reproducer_path="$work.crashes" \
    -max_total_time=$(($2 * 60)) -timeout=60 -rss_limit_mb=0 -max_len=20000 \
    -artifact_prefix="$work.crashes/" \
    "$work" "milter/src/test/resources/fuzz/$target" >"$work.log" 2>&1 || status=$?
  sed -n 's/^#\([0-9]*\)[[:space:]]*[A-Z][A-Za-z]* *cov: \([0-9]*\).*corp: \([0-9]*\).*/\1 runs, \2 edges, \3 inputs/p' \
    "$work.log" | tail -n 1
  [ "$status" -eq 0 ] && return
  echo "  BROKEN, see $work.log; the input is in $work.crashes. Keep it, made small, in" \
    "milter/src/test/resources/fuzz/$target" >&2
  return 1
}
