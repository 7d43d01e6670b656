# shellcheck shell=bash
# The measurements of cli/benchmark: works, their contestants, medians and spreads. Sourced by it.

# A work is one row of the table. Each contestant has a role, a name, a preparation of each run, and a command; they run in turn,
# so that a temporary slowdown of the machine affects all of them.
work=''
roles=() names=() prepares=() commands=()

# begin WORK
begin() {
  work=$1
  roles=() names=() prepares=() commands=()
}

# enter ROLE NAME PREPARATION COMMAND...: ROLE is floor, keg or peer. Between two commits, only Keg takes part.
enter() {
  [ "$1" = keg ] || [ -z "$against" ] || return 0
  roles+=("$1")
  names+=("$2")
  prepares+=("$3")
  shift 3
  commands+=("$(printf '%q ' "$@")")
}

# keg PREPARATION ARGUMENT...: enters each binary of Keg.
keg() {
  local i prepare=$1
  shift
  for i in "${!binaries[@]}"; do
    enter keg "${binary_names[$i]}" "$prepare" "${binaries[$i]}" "$@"
  done
}

# Enters each binary of Keg, and Keg on Java.
keg_and_java() {
  local arguments=("$@")
  keg "$@"
  if [ -z "$against" ]; then
    enter keg 'keg, JVM' "$1" "$java" "${arguments[@]:1}"
  fi
}

has() { command -v "$1" >/dev/null; }

# finish [ROUNDS]: measures the work and remembers the result of each contestant. It runs in at least so many rounds; if that is more
# than one, in further ones, up to the number of runs of short works, while they take less than 45 s.
finish() {
  local least=${1:-$runs} round i begun=$SECONDS
  say "measuring $work"
  for ((round = 0; round < least || (least > 1 && round <= runs && SECONDS - begun < 45); round++)); do
    for i in "${!names[@]}"; do
      eval "${prepares[$i]}" >"$notes/output" 2>&1 || failed "${prepares[$i]}"
      sync -f "$scratch" # otherwise a program that syncs would write what others have left to the kernel
      eval "$stopwatch $notes/times.$i ${commands[$i]}" 2>"$notes/output" || failed "${commands[$i]}"
    done
  done
  for i in "${!names[@]}"; do
    # The first round warms up, unless there are so few that the works are long.
    [ "$round" -le 5 ] || sed -i 1d "$notes/times.$i"
    printf '%s\t%s\t%s\t%s\t%s\n' "$work" "${roles[$i]}" "${names[$i]}" "$(summary "$notes/times.$i")" "$(ratio "$i")" >>"$results"
  done
  rm "$notes"/times.*
}

# ratio NUMBER: the median of the ratios of this contestant's wall times to those of the first one in the same round, which
# differs less between two runs of the benchmark than the ratio of their medians: both feel the same slowdowns of the machine.
ratio() {
  paste -d' ' "$notes/times.$1" "$notes/times.0" | awk '{ print $1 / $(NF / 2 + 1) }' >"$notes/ratios"
  nth 1 $((($(wc -l <"$notes/ratios") + 1) / 2)) "$notes/ratios"
}

failed() {
  cat "$notes/output" >&2
  say "failed: $1"
  exit 1
}

# The median of the wall time in ms; half of the distance between its quartiles in % of it; the medians of CPU in ms, memory
# in MB, and page faults.
summary() {
  local file=$1 count
  count=$(wc -l <"$file")
  printf '%s\t%s\t%s\t%s\t%s' \
    "$(nth 1 $(((count + 1) / 2)) "$file" | awk '{ print $1 / 1e6 }')" \
    "$({ nth 1 $(((count + 3) / 4)) "$file" && nth 1 $(((count + 1) / 2)) "$file" && nth 1 $(((3 * count + 3) / 4)) "$file"; } |
      awk '{ n[NR] = $1 } END { printf "%.1f", (n[3] - n[1]) / 2 / n[2] * 100 }')" \
    "$(nth 2 $(((count + 1) / 2)) "$file" | awk '{ print $1 / 1e3 }')" \
    "$(nth 3 $(((count + 1) / 2)) "$file" | awk '{ print $1 / 1024 }')" \
    "$(nth 4 $(((count + 1) / 2)) "$file")"
}

# nth FIELD NUMBER FILE: the value at this position of the sorted values.
nth() { sort -n -k "$1,$1" "$3" | sed -n "$2p" | cut -d' ' -f"$1"; }

# table FIRST: prints all results as a Markdown table, each with its ratio to the first of its work, which is called FIRST.
table() {
  printf '| work | program | ms | ± %% | : %s | CPU, ms | MB | page faults |\n|---|---|---|---|---|---|---|---|\n' "$1"
  awk -F'\t' '
    function number(x) { return sprintf(x < 100 ? "%.1f" : "%.0f", x) }
    { gsub(/\|/, "\\|", $3) }
    {
      printf "| %s | %s | %s | %.0f | %.2f | %s | %.0f | %d |\n", $1, $3, number($4), $5, $9, number($6), $7, $8
    }' "$results"
}

# For README: a row for each of the works that matter most, with Keg and the fastest of its peers beside the floor.
short_table() {
  printf '| work | floor | keg : floor | next best : floor |\n|---|---|---|---|\n'
  awk -F'\t' '
    function number(x) { return sprintf(x < 100 ? "%.1f" : "%.0f", x) }
    BEGIN {
      ours = "^(exists|create|mount|ls, 1000 volumes|rm, [0-9]+ files|(backup|restore) of 1 GiB|second backup, 1 % changed)$"
    }
    function row() {
      if (work ~ ours && floor != "" && keg != "") {
        printf "| %s | %s, %s ms | %.2f | %s |\n", work, floor_name, number(floor), keg, best == "" ? "" : sprintf("%.2f (%s)", best, best_name)
      }
      floor = keg = best = ""
    }
    $1 != work { row(); work = $1 }
    { gsub(/\|/, "\\|", $3) }
    $2 == "floor" && floor == "" { floor = $4; floor_name = $3 }
    $2 == "keg" && $3 == "keg" { keg = $9 }
    $2 == "peer" && (best == "" || $9 < best) { best = $9; best_name = $3 }
    END { row() }' "$results"
}
