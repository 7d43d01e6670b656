# shellcheck shell=bash
# Backups of 1 GiB: small and large files, text, code, a database, and incompressible data. Sourced by cli/benchmark.

modules=$(dirname "$(readlink -f "$(command -v javac)")")/../lib/modules

make_tree() {
  mkdir -p "$1/large"
  local mib=1048576
  head -c $((130 * mib)) "$modules" >"$1/large/modules"
  head -c $((100 * mib)) /dev/urandom >"$1/large/random"
  take 100 "$1/jars" "$HOME/.m2/repository" '*.jar'
  take 149 "$1/libraries" /usr/lib '*.so*'
  perl -e '
    use strict;
    use File::Copy;
    srand(1);
    my $root = $ARGV[0];
    my @names = map { join "", map { chr(97 + rand 26) } 1 .. 3 + rand 9 } 1 .. 30_000;
    open(my $log, ">", "$root/large/log") or die;
    my $time = 1_700_000_000;
    for (my $size = 0; $size < 200 << 20;) {
      my $line = sprintf("%d.%03d INFO [worker-%d] request id=%08x user=%d path=/api/v1/%s status=%d took=%dms\n",
        $time += int(rand 2), rand 1000, rand 16, rand 4294967296, rand 5000, ("items", "users", "orders", "search")[rand 4],
        (200, 200, 200, 304, 404, 500)[rand 6], rand 900);
      print $log $line;
      $size += length $line;
    }
    open(my $db, ">", "$root/large/db") or die;
    for my $page (0 .. 160 * 128 - 1) {
      my $rows = pack("NNnn", $page, rand 4294967296, 8192, 60);
      $rows .= pack("NNd", $page * 60 + $_, rand 100000, rand 1000) . join(" ", map { $names[rand @names] } 1 .. 2 + rand 5) for 1 .. 60;
      print $db substr($rows . "\0" x 8192, 0, 8192);
    }
    my @dirs = ($root);
    for my $n (1 .. 3450) {
      my $dir = $dirs[rand @dirs];
      $dir = $root if ($dir =~ tr{/}{}) > ($root =~ tr{/}{}) + 8;
      mkdir("$dir/d$n") or die;
      push @dirs, "$dir/d$n";
    }
    my @files;
    my %left = (small => 17_800, medium => 2_200);
    while (my $from = <STDIN>) {
      chomp $from;
      my $kind = -s $from < 16384 ? "small" : "medium";
      next if $left{$kind}-- <= 0;
      push @files, $dirs[rand @dirs] . "/f" . @files;
      copy($from, $files[-1]) or die;
    }
    symlink("../f$_", $dirs[rand @dirs] . "/l$_") for 1 .. 400;
    link($files[rand @files], $dirs[rand @dirs] . "/h$_") for 1 .. 100;
  ' "$1" < <(find /usr/include /usr/share /usr/lib -type f -size -144 | LC_ALL=C sort)
}
# Copies this number of MiB of matching files.
take() {
  mkdir -p "$2"
  find "$3" -type f -name "$4" -size +16k -size -40000k -print0 | sort -z |
    perl -0 -e '
      use File::Copy;
      my ($mib, $to) = splice(@ARGV, 0, 2);
      my $left = $mib << 20;
      while (my $from = <STDIN>) {
        chomp $from;
        # Reads all names: a program that writes to a closed pipe fails.
        next if $left < 1 << 20;
        # One of several versions, which are beside each other.
        next if $from =~ m{([^/]+)/[^/]+/[^/]+$} && $seen{$1}++ && $from =~ /jar$/;
        next if -s $from > $left;
        copy($from, "$to/" . ++$n . ($from =~ /(\.\w+)$/ ? $1 : "")) or die;
        $left -= -s _ // -s $from;
      }' "$1" "$2"
}

# One file in a hundred, as if it had been edited.
change() {
  find "$tree" -type f -name 'f*' -size -32 | sort | awk 'NR % 90 == 1' | while read -r file; do
    date +%N >>"$file"
  done
}

# reset NAME: restores a repository's state before a run.
reset() { rm -rf "${scratch:?}/$1" && cp -a "$scratch/$1.before" "$scratch/$1"; }

configure_peers() {
  export RESTIC_PASSWORD=benchmark RESTIC_CACHE_DIR=$scratch/restic-cache BORG_BASE_DIR=$scratch/borg-home
  export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes BORG_RELOCATED_REPO_ACCESS_IS_OK=yes
}

measure_backups() {
  local keg=$native tree=$KEG_ROOT/volumes/tree/_data out=$scratch/out
  configure_peers
  rm -rf "$KEG_ROOT"
  "$keg" create tree >/dev/null
  say 'making the tree'
  make_tree "$tree"
  tar cf "$out.tar" -C "$tree" .
  sleep 3 # a second backup reads files again that changed in the last seconds
  begin 'backup of 1 GiB'
  enter floor 'zstd -T0 -3 of a ready tar' "rm -f $out.tar.zst" zstd -q -T0 -3 -o "$out.tar.zst" "$out.tar"
  keg_and_java "rm -f $out.keg.tar.zst" backup -q -o "$out.keg.tar.zst" tree
  enter peer 'tar | zstd -T0 -3' "rm -f $out.tar.zst" bash -c "tar cf - -C '$tree' . | zstd -q -T0 -3 -o '$out.tar.zst'"
  enter peer 'rclone copy' "rm -rf $out" rclone --config '' copy -l "$tree" "$out"
  enter peer restic "rm -rf $out && restic -q init -r $out" restic -q backup -r "$out" "$tree"
  enter peer borg "rm -rf $out && borg init -e none $out" borg create -C zstd,3 "$out::one" "$tree"
  finish 3
  rm -rf "$out"
  begin 'restore of 1 GiB'
  enter floor 'dd of as many bytes, and fsync' "rm -f $out.copy" dd "if=$out.tar" "of=$out.copy" bs=1M conv=fsync status=none
  keg_and_java "$keg rm -f copy" restore -q --from "$out.keg.tar.zst" --to copy tree
  enter peer 'zstd -dc | tar xp' "rm -rf $out && mkdir $out" bash -c "zstd -qdc '$out.keg.tar.zst' | tar xpf - -C '$out'"
  finish 10
  "$keg" rm -f copy >/dev/null
  rm -rf "$out" "$out".*
  begin 'tar.gz of 1 GiB'
  enter floor 'tar czf' : tar czf "$out.tar.gz" -C "$tree" .
  keg : backup -q -o "$out.keg.tar.gz" tree
  finish 1
  rm -f "$out".*
  measure_second_backup
  measure_s3
}

measure_second_backup() {
  local keg=$native tree=$KEG_ROOT/volumes/tree/_data
  mkdir "$scratch/keg.before"
  "$keg" backup -q --to "$scratch/keg.before" tree >/dev/null
  restic -q init -r "$scratch/restic.before"
  restic -q backup -r "$scratch/restic.before" "$tree"
  borg init -e none "$scratch/borg.before"
  borg create -C zstd,3 "$scratch/borg.before::one" "$tree"
  cp -a "$BORG_BASE_DIR" "$BORG_BASE_DIR.before"
  sleep 3
  change
  begin 'second backup, 1 % changed'
  enter floor 'find -printf, the walk' : find "$tree" -printf '%s %C@ %i\n'
  keg_and_java 'reset keg' backup -q --to "$scratch/keg" tree
  enter peer restic 'reset restic' restic -q backup -r "$scratch/restic" "$tree"
  enter peer borg 'reset borg && reset borg-home' borg create -C zstd,3 "$scratch/borg::two" "$tree"
  finish 3
  rm -rf "$scratch"/{keg,restic,borg,borg-home}{,.before}
}

# Of the same 1 GiB, and of small files.
measure_restores() {
  local keg=$native tree=$KEG_ROOT/volumes/tree/_data
  configure_peers
  rm -rf "$KEG_ROOT"
  "$keg" create tree >/dev/null
  say 'making the tree'
  make_tree "$tree"
  measure_restore 'restore of 1 GiB from a repository' "$tree"
  "$keg" rm -f tree >/dev/null
  "$keg" create tree >/dev/null
  say "making $files small files"
  small_files "$tree" "$files"
  measure_restore "restore of $files files from a repository" "$tree"
}

# measure_restore WORK TREE
measure_restore() {
  local keg=$native tree=$2 out=$scratch/out
  mkdir "$scratch/keg"
  "$keg" backup -q --to "$scratch/keg" tree >/dev/null
  restic -q init -r "$scratch/restic"
  restic -q backup -r "$scratch/restic" "$tree"
  borg init -e none "$scratch/borg"
  borg create -C zstd,3 "$scratch/borg::one" "$tree"
  begin "$1"
  enter floor 'cp -a' "rm -rf $out" cp -a "$tree" "$out"
  keg "$keg rm -f copy" restore -q --from "$scratch/keg" --to copy tree
  enter peer restic "rm -rf $out" restic -q restore -r "$scratch/restic" latest --target "$out"
  enter peer borg "rm -rf $out && mkdir $out" bash -c "cd '$out' && borg extract '$scratch/borg::one'"
  finish 3
  "$keg" rm -f copy >/dev/null
  rm -rf "$out" "$scratch"/{keg,restic,borg,borg-home,restic-cache}
}

# The rate of transfers to and from an S3 server on this machine, which uses a part of the processors: of a file that
# cannot be compressed, and that each program sends in parts.
measure_s3() {
  local keg=$native files=$KEG_ROOT/volumes/random/_data out=$scratch/out s3=$scratch/s3 fixtures=$cli/../src-test-fixtures url n
  [ -z "$against" ] || return 0
  mkdir "$s3"
  JAVA_HOME=$scratch/jvm/target/java "$fixtures/serve-s3" "$s3" keg rclone >"$s3.log" 2>&1 &
  daemons+=($!)
  for n in {1..60}; do
    [ ! -e "$s3/address" ] || break
    sleep 1
  done
  url="s3://keg/random?endpoint=$(cat "$s3/address")&region=us-east-1"
  export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=s3cr3t/+key
  unset AWS_CA_BUNDLE # rclone fails with one
  export RCLONE_CONFIG=$s3/rclone.conf
  rclone config create s3 s3 provider=Other "endpoint=$(cat "$s3/address")" "access_key_id=$AWS_ACCESS_KEY_ID" \
    "secret_access_key=$AWS_SECRET_ACCESS_KEY" >/dev/null 2>&1
  "$keg" create random >/dev/null
  head -c 512M /dev/urandom >"$files/large"
  begin 'backup of 512 MiB to S3'
  enter floor 'rclone copy' 'rclone purge s3:rclone/files || true' rclone copy "$files" s3:rclone/files
  keg 'rclone purge s3:keg/random || true' backup -q --no-encryption --to "$url" random
  finish 5
  begin 'restore of 512 MiB from S3'
  enter floor 'rclone copy' "rm -rf $out" rclone copy s3:rclone/files "$out"
  keg "$keg rm -f copy" restore -q --from "$url" --to copy random
  finish 20
  "$keg" rm -f copy random >/dev/null
  rm -rf "$out"
}
