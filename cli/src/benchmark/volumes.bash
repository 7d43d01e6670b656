# shellcheck shell=bash
# Many volumes: starting, lists, mounts. Sourced by cli/benchmark.

# Volumes as created by keg create, without the syncs to disk.
fill_keg() {
  local volume
  rm -rf "$KEG_ROOT"
  "$native" create template >/dev/null
  names "$1" >"$scratch/names"
  (cd "$KEG_ROOT/volumes" && xargs mkdir -m 711 <"$scratch/names" && sed 's|$|/_data|' "$scratch/names" | xargs mkdir)
  umask 077
  while read -r volume; do
    printf '%s' "$(<"$KEG_ROOT/volumes/template/volume.json")" >"$KEG_ROOT/volumes/$volume/volume.json"
  done <"$scratch/names"
  umask 022
  "$native" rm template >/dev/null
}

names() { seq -f 'vol%.0f' 1 "$1"; }

# Waits until a daemon answers on its socket.
await() {
  local tries=0
  until curl -sf --unix-socket "$1" "http://localhost/_ping" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { say "no answer on $1" && exit 1; }
    sleep 0.1
  done
}

start_docker() {
  local socket=$scratch/docker.sock
  dockerd -H "unix://$socket" --data-root "$scratch/docker" --exec-root "$scratch/docker-exec" \
    --pidfile "$scratch/docker.pid" --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
    --bridge=none --storage-driver=vfs >"$scratch/docker.log" 2>&1 &
  daemons+=($!)
  await "$socket"
  docker=(docker -H "unix://$socket" volume)
  engines+=(docker)
}

start_podman() {
  mount -t tmpfs tmpfs /dev/shm # for the locks, one per volume
  printf '[engine]\nnum_locks = 40000\n' >"$scratch/containers.conf"
  export CONTAINERS_CONF=$scratch/containers.conf
  local store=(--root "$scratch/podman" --runroot "$scratch/podman-run" --storage-driver vfs)
  podman "${store[@]}" system service --time 0 "unix://$scratch/podman.sock" >"$scratch/podman.log" 2>&1 &
  daemons+=($!)
  await "$scratch/podman.sock"
  podman=(podman "${store[@]}" volume)
  engines+=(podman)
}

fill_docker() { post "$scratch/docker.sock" /volumes/create Name "$1"; }
fill_podman() { post "$scratch/podman.sock" /v4.0.0/libpod/volumes/create Name "$1"; }

# One connection for all: ten times as fast as one command each.
post() {
  names "$4" | while read -r name; do
    printf 'silent\nunix-socket = "%s"\nurl = "http://localhost%s"\njson = "{\\"%s\\":\\"%s\\"}"\noutput = /dev/null\nnext\n' \
      "$1" "$2" "$3" "$name"
  done | sed '$d' | curl --config -
}

engines=()
start_engines() {
  [ -z "$against" ] || return 0
  ! has dockerd || ! has curl || start_docker
  ! has podman || ! has curl || start_podman
}

# peers PREPARATION COMMAND...: the same for each engine; PREPARATION is also one of its commands.
peers() {
  local engine first=$1
  shift
  for engine in "${engines[@]}"; do
    local -n command=$engine
    enter peer "$engine" "${first:+${command[*]} $first}" "${command[@]}" "$@"
  done
}

# Small commands: most of the time is the start of a program.
measure_start() {
  local engine keg=$native
  fill_keg 10
  fill_engines 10
  begin 'exists'
  enter floor 'smallest native image' : "$hello"
  enter floor 'smallest Java program' : "$scratch/jvm/target/java/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -XX:-UsePerfData -cp "$cli/target/benchmark/classes" Hello
  keg_and_java : exists vol5
  finish
  begin 'inspect'
  enter floor 'smallest native image' : "$hello"
  keg_and_java : inspect vol5
  peers '' inspect vol5
  finish
  begin 'create'
  enter floor 'smallest native image' : "$hello"
  keg_and_java "$keg rm -f new" create new
  peers 'rm -f new' create new
  finish
  for engine in "${engines[@]}"; do
    local -n command=$engine
    "${command[@]}" rm new >/dev/null
  done
  begin 'rm'
  enter floor 'smallest native image' : "$hello"
  keg_and_java "$keg create new" rm new
  peers 'create new' rm new
  finish
  begin 'completion of a first word'
  enter floor 'smallest native image' : "$hello"
  keg : __complete -- in
  finish
  begin 'completion of an empty first word'
  enter floor 'smallest native image' : "$hello"
  keg : __complete -- ''
  finish
  "$keg" rm -f new >/dev/null
  measure_mounts
}

# Docker and podman mount only when they start a container.
measure_mounts() {
  local keg=$native target=$scratch/target
  mkdir -p "$target"
  begin 'mount'
  enter floor 'mount --bind' "umount -q $target; :" mount --bind "$KEG_ROOT/volumes/vol1/_data" "$target"
  keg "umount -q $target; $keg unmount $target; :" mount vol1 "$target"
  finish
  umount -q "$target" || true
  "$keg" unmount "$target" >/dev/null 2>&1 || true
  begin 'unmount'
  enter floor 'umount' "mount --bind $KEG_ROOT/volumes/vol1/_data $target" umount "$target"
  keg "$keg mount vol1 $target" unmount "$target"
  finish
}

# Docker uses Keg as its volume plugin: a process for each connection, as with systemd's socket.
measure_plugin() {
  local number=1000
  [ -n "${docker[*]:-}" ] && has systemd-socket-activate || return 0
  mkdir -p /run/docker/plugins
  mount -t tmpfs tmpfs /run/docker/plugins # only in this namespace
  rm -rf "$KEG_ROOT"
  systemd-socket-activate --inetd --accept --listen /run/docker/plugins/keg.sock -E "KEG_ROOT=$KEG_ROOT" \
    "$native" plugin >"$scratch/plugin.log" 2>&1 &
  daemons+=($!)
  until [ -S /run/docker/plugins/keg.sock ]; do sleep 0.1; done
  begin 'docker volume create'
  enter floor "docker's own driver" "${docker[*]} rm -f new" "${docker[@]}" create -d local new
  enter keg 'driver keg' "${docker[*]} rm -f new" "${docker[@]}" create -d keg new
  finish
  "${docker[@]}" rm new >/dev/null
  fill_keg "$number"
  begin "docker volume ls, $number volumes of driver keg"
  enter keg 'driver keg' : "${docker[@]}" ls
  finish
}

fill_engines() {
  local engine
  for engine in "${engines[@]}"; do
    say "filling $engine with $1 volumes"
    "fill_$engine" "$1"
  done
}

# Lists. With more volumes than this, only Keg: docker and podman take minutes.
largest_of_others=10000
measure_lists() {
  local size engine engines_before=("${engines[@]}")
  for size in "${sizes[@]}"; do
    say "filling Keg with $size volumes"
    fill_keg "$size"
    [ "$size" -le "$largest_of_others" ] || engines=()
    fill_engines "$size"
    begin "ls, $size volumes"
    enter floor 'readdir, open, read in C' : "$floor" read "$KEG_ROOT/volumes" volume.json
    keg_and_java : ls
    peers '' ls
    finish
    begin "ls -q, $size volumes"
    enter floor 'readdir and a start' : "$floor" names "$KEG_ROOT/volumes" "$hello"
    keg_and_java : ls -q
    peers '' ls -q
    finish
    begin "prune, $size volumes"
    enter floor 'rm -rf' "fill_keg $size && rm -rf $scratch/doomed && cp -a $KEG_ROOT $scratch/doomed" rm -rf "$scratch/doomed/volumes"
    keg "fill_keg $size" prune --force --all
    for engine in "${engines[@]}"; do
      local -n command=$engine
      enter peer "$engine" "fill_$engine $size" "${command[@]}" prune --force
    done
    # Podman takes half a minute to make ten thousand.
    finish $((size < 10000 ? 5 : 3))
  done
  engines=("${engines_before[@]}")
  # Last: from then on docker also asks Keg when it lists or prunes.
  measure_plugin
}
