package dev.keg.attachment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A mount table for tests. Its paths belong to the file system of the caller. */
public final class FakeMountTable implements MountTable {
  private final List<Entry> entries;
  private final AtomicLong lastId;
  private final AtomicInteger boots;
  private final Function<String, Path> paths;
  private final Map<String, Long> elsewhere = new HashMap<>();
  private final Map<String, Long> unseen = new HashMap<>();
  private final List<OutsideMount> others = new ArrayList<>();
  private final Set<OutsideMount> passing = new HashSet<>();
  private final Set<String> readOnly = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private boolean missesNext;
  private boolean misses;

  /** A mount and the directory that it shows; empty for a file system of its own. */
  private record Entry(long id, String target, String shown) {}

  public FakeMountTable(Function<String, Path> paths) {
    this(new ArrayList<>(), new AtomicLong(), new AtomicInteger(), paths);
  }

  private FakeMountTable(
      List<Entry> entries, AtomicLong lastId, AtomicInteger boots, Function<String, Path> paths) {
    this.entries = entries;
    this.lastId = lastId;
    this.boots = boots;
    this.paths = paths;
  }

  /** The same machine, for a process whose paths belong to another file system. */
  public FakeMountTable seenFrom(Function<String, Path> otherPaths) {
    return new FakeMountTable(entries, lastId, boots, otherPaths);
  }

  public Path path(String text) {
    return paths.apply(text);
  }

  public void mount(String target) {
    bind("", target);
  }

  /** Also shows the directory at the target. */
  public void bind(String shown, String target) {
    entries.add(new Entry(lastId.incrementAndGet(), target, shown));
  }

  public void unmount(String target) {
    entries.removeIf(entry -> entry.target().equals(target));
  }

  /** Renames a directory; the mounts below it stay. */
  public void rename(String from, String to) {
    entries.replaceAll(
        entry ->
            entry.target().startsWith(from + "/")
                ? new Entry(entry.id(), to + entry.target().substring(from.length()), entry.shown())
                : entry);
  }

  /** From now on, only the process with this number sees the mount, in its own mount namespace. */
  public void move(String target, long process) {
    unmount(target);
    elsewhere.put(target, process);
  }

  /** The same, after the last search of other namespaces. */
  public void moveUnseen(String target, long process) {
    unmount(target);
    unseen.put(target, process);
  }

  /** A process shows the directory at the target, in its own mount namespace. */
  public void bindElsewhere(String shown, String target, long process) {
    others.add(new OutsideMount(paths.apply(shown), target, Optional.of(process)));
  }

  /** The same, until the next search. */
  public void bindElsewhereForNow(String shown, String target, long process) {
    bindElsewhere(shown, target, process);
    passing.add(others.getLast());
  }

  /** Hides all mounts of other namespaces from the next look, and only from that. */
  public void missInNextLook() {
    missesNext = true;
  }

  @Override
  public void refresh() {
    misses = missesNext;
    missesNext = false;
    others.removeAll(passing);
    elsewhere.putAll(unseen);
  }

  @Override
  public Optional<Long> processWith(Path target) {
    return Optional.ofNullable(elsewhere.get(target.toString()));
  }

  @Override
  public Optional<MountIdentity> identity(Path site) {
    return entries.stream()
        .filter(entry -> entry.target().equals(site.toString()))
        .map(entry -> new MountIdentity(entry.id(), entry.id(), "0:1", entry.shown()))
        .findFirst();
  }

  @Override
  public Optional<Path> find(MountIdentity mount, Path site) {
    return entries.stream()
        .filter(entry -> entry.id() == mount.id())
        .map(entry -> paths.apply(entry.target()))
        .findFirst();
  }

  @Override
  public List<OutsideMount> mountsOutside(Path directory, Reach reach) {
    List<OutsideMount> mounts =
        new ArrayList<>(reach == Reach.EVERYWHERE && !misses ? others : List.of());
    entries.stream()
        .filter(entry -> paths.apply(entry.shown()).startsWith(directory))
        .filter(entry -> !paths.apply(entry.target()).startsWith(directory))
        .map(
            entry -> new OutsideMount(paths.apply(entry.shown()), entry.target(), Optional.empty()))
        .forEach(mounts::add);
    return mounts;
  }

  /** Reboots: all mounts are gone. */
  public void reboot() {
    boots.incrementAndGet();
    entries.clear();
    elsewhere.clear();
    others.clear();
  }

  @Override
  public List<MountPoint> mounts() {
    return entries.stream()
        .map(
            entry ->
                new MountPoint(
                    paths.apply(entry.target()), "ext4", "/dev/fake", List.of(mode(entry))))
        .toList();
  }

  private String mode(Entry entry) {
    return readOnly.contains(entry.target()) ? "ro" : "rw";
  }

  /** Makes the mount read-only. */
  public void makeReadOnly(String target) {
    readOnly.add(target);
  }

  /** Ends the process of the engine with this name. */
  public void end(String engine) {
    ended.add(engine);
  }

  @Override
  public boolean hasEnded(String engine) {
    return ended.contains(engine);
  }

  @Override
  public String bootId() {
    return "boot-" + boots.get();
  }

  @Override
  public String hostId() {
    return "this-host";
  }
}
