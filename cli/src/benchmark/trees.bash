# shellcheck shell=bash
# Many small files, and one large file that consists mostly of holes. Sourced by cli/benchmark.

# Reads names and starts a program with sixteen of them at a time, on all processors.
on_all_processors="xargs -0 -P $(nproc) -n 16"

# small_files DIRECTORY COUNT: files of 1 KiB, a hundred per directory.
small_files() {
  perl -e '
    my ($root, $count) = @ARGV;
    my $text = join "", map { chr 97 + $_ % 26 } 1 .. 1000;
    for my $n (0 .. $count - 1) {
      my $dir = "$root/" . int($n / 100);
      mkdir $dir unless $n % 100;
      open(my $file, ">", "$dir/f$n") or die "$dir/f$n: $!";
      print $file sprintf("%024d", $n), $text;
    }' "$1" "$2"
}

measure_trees() {
  local keg=$native tree=$KEG_ROOT/volumes/tree/_data out=$scratch/out
  rm -rf "$KEG_ROOT"
  "$keg" create tree >/dev/null
  say "making $files small files"
  small_files "$tree" "$files"
  begin "df, $files files"
  enter floor 'du -s' : du -s "$tree"
  keg : df --fresh
  ! has gdu || enter peer gdu : gdu -n -p -c -s "$tree"
  finish 3
  begin "df, $files files, nothing written since"
  enter floor 'du -s' : du -s "$tree"
  keg : df
  finish 3
  begin "check, $files files"
  enter floor 'du -s' : du -s "$tree"
  keg : check
  finish 3
  begin "clone, $files files"
  enter floor 'cp -a' "rm -rf $out" cp -a "$tree" "$out"
  keg "$keg rm -f copy" clone tree copy
  enter peer 'cp -a on all processors' "rm -rf $out && mkdir $out" \
    bash -c "cd '$tree' && printf '%s\\0' * | $on_all_processors cp -a -t '$out'"
  ! has fpsync || enter peer fpsync "rm -rf $out && mkdir $out" fpsync -n "$(nproc)" "$tree/" "$out/"
  finish 5
  begin "rm, $files files"
  enter floor 'rm -rf' "rm -rf $out && cp -a $tree $out" rm -rf "$out"
  keg "$keg rm -f copy && $keg clone tree copy" rm copy
  enter peer 'rm -rf on all processors' "rm -rf $out && cp -a $tree $out" \
    bash -c "cd '$out' && printf '%s\\0' * | $on_all_processors rm -rf"
  finish 5
  begin "export, $files files"
  enter floor 'tar cf' "rm -f $out.tar" tar cf "$out.tar" -C "$tree" .
  keg "rm -f $out.tar" export -o "$out.tar" tree
  finish 3
  begin "import, $files files"
  enter floor 'tar xpf' "rm -rf $out && mkdir $out" tar xpf "$out.tar" -C "$out"
  keg "$keg rm -f copy && $keg create copy" import copy "$out.tar"
  finish 3
  rm -rf "$out" "$out.tar"
  measure_tree_backups "$tree"
  measure_sparse
}

# measure_tree_backups TREE
measure_tree_backups() {
  local keg=$native tree=$1 out=$scratch/out
  begin "backup, $files files"
  enter floor 'tar | zstd -T0 -3' "rm -f $out.tar.zst" bash -c "tar cf - -C '$tree' . | zstd -q -T0 -3 -o '$out.tar.zst'"
  keg "rm -f $out.keg.tar.zst" backup -q -o "$out.keg.tar.zst" tree
  finish 3
  begin "restore, $files files"
  enter floor 'zstd -dc | tar xp' "rm -rf $out && mkdir $out" bash -c "zstd -qdc '$out.tar.zst' | tar xpf - -C '$out'"
  keg "$keg rm -f copy" restore -q --from "$out.keg.tar.zst" --to copy tree
  finish 3
  "$keg" rm -f copy >/dev/null
  rm -rf "$out" "$out".*
  mkdir "$scratch/keg.before"
  "$keg" backup -q --to "$scratch/keg.before" tree >/dev/null
  find "$tree" -type f -name '*00' -exec sh -c 'for file; do echo >>"$file"; done' sh {} +
  begin "second backup, 1 % of $files files changed"
  enter floor 'find -printf, the walk' : find "$tree" -printf '%s %C@ %i\n'
  keg 'reset keg' backup -q --to "$scratch/keg" tree
  finish 3
  rm -rf "$scratch"/keg{,.before}
}

# 100 GB, of which 64 MiB are written.
measure_sparse() {
  local keg=$native out=$scratch/out file=$KEG_ROOT/volumes/sparse/_data/disk at
  "$keg" create sparse >/dev/null
  truncate -s 100G "$file"
  for at in 0 10 50 99; do
    dd if=/dev/urandom of="$file" bs=1M count=16 seek=$((at * 1024)) conv=notrunc status=none
  done
  begin 'clone, a sparse file of 100 GB'
  enter floor 'cp -a' "rm -rf $out" cp -a "$KEG_ROOT/volumes/sparse/_data" "$out"
  keg "$keg rm -f copy" clone sparse copy
  finish 60
  begin 'backup, a sparse file of 100 GB'
  enter floor 'tar -S | zstd -T0 -3' "rm -f $out.zst" \
    bash -c "tar -Scf - -C '$KEG_ROOT/volumes/sparse/_data' . | zstd -q -T0 -3 -o '$out.zst' && sync '$out.zst'"
  keg "rm -f $out.tar.zst" backup -q -o "$out.tar.zst" sparse
  finish 60
  "$keg" rm -f copy sparse >/dev/null
  rm -rf "$out" "$out".*
}
