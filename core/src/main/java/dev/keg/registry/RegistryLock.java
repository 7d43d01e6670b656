package dev.keg.registry;

import dev.keg.error.RegistryException.PruneRunning;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Locks between processes: a fixed number of files, each for the volumes whose names hash to it, so
 * no files accumulate. The kernel releases them when a process dies. Several are always taken in
 * ascending order. A process may take a stripe any number of times; closing a file that is open
 * twice would release its lock, so each is opened once.
 */
public final class RegistryLock {
  static final int STRIPES = 64;

  private static final int PRUNE = STRIPES;
  private static final int CONTAINERS = PRUNE + 1;
  private static final int CONTAINER_STRIPES = 16;

  /** The number of lock files. */
  static final int FILES = CONTAINERS + CONTAINER_STRIPES + 1;

  private static final int MAINTENANCE = FILES - 1;

  private final Path directory;
  private final Consumer<String> debug;
  private final Runnable check;
  private final TreeMap<Integer, Stripe> held = new TreeMap<>();

  /**
   * The locks of a root.
   *
   * @param check refuses a root that became part of a shared registry while the command waited for
   *     a lock
   */
  RegistryLock(Path directory, Consumer<String> debug, Runnable check) {
    this.directory = directory;
    this.debug = debug;
    this.check = check;
  }

  /** Locks that are released together. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until nobody else changes these volumes. */
  public Held lock(VolumeName... names) {
    return lock(Arrays.stream(names).map(RegistryLock::stripe).sorted().distinct().toList());
  }

  /** Waits until nobody else changes the volume, or creates one that may get this id. */
  public Held lock(VolumeName name, VolumeId id) {
    return lock(name, new VolumeName(id.text()));
  }

  /** Waits until nobody changes any volume. */
  public Held lockAll() {
    return lock(IntStream.range(0, STRIPES).boxed().toList());
  }

  /**
   * Waits until nobody else changes the mounts of this container. It is taken before the locks of
   * its volumes, never while one of them is held.
   */
  public Held lockContainer(String container) {
    return lock(List.of(containerStripe(container)));
  }

  /** The lock of a container's mounts, unless another process has it. */
  public Optional<Held> tryLockContainer(String container) {
    return tryLock(containerStripe(container));
  }

  static int containerStripe(String container) {
    return CONTAINERS + Math.floorMod(container.hashCode(), CONTAINER_STRIPES);
  }

  /** Refuses to prune while another process is pruning. */
  public Held lockForPrune() {
    return tryLock(PRUNE).orElseThrow(PruneRunning::new);
  }

  /** Empty while another process maintains this root. */
  public Optional<Held> tryMaintenance() {
    return tryLock(MAINTENANCE);
  }

  /** Waits for one stripe, for files that belong to no volume. */
  Held lockStripe(int stripe) {
    return lock(List.of(stripe));
  }

  static int stripe(VolumeName name) {
    return Math.floorMod(name.text().hashCode(), STRIPES);
  }

  private Held lock(List<Integer> stripes) {
    Deque<Integer> acquired = new ArrayDeque<>();
    Held all = () -> acquired.forEach(this::release);
    int before = held.size();
    try {
      for (int stripe : stripes) {
        acquire(stripe, true);
        acquired.push(stripe);
      }
      if (held.size() > before) {
        check.run();
      }
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
    return all;
  }

  /** The volume's lock; empty if another process has it. */
  public Optional<Held> tryLock(VolumeName name) {
    return tryLock(stripe(name));
  }

  /** The lock, if it is free or this process already has it. */
  Optional<Held> tryLock(int stripe) {
    boolean isNew = !held.containsKey(stripe);
    if (!acquire(stripe, false)) {
      return Optional.empty();
    }
    Held taken = () -> release(stripe);
    try {
      if (isNew) {
        check.run();
      }
    } catch (RuntimeException e) {
      taken.close();
      throw e;
    }
    return Optional.of(taken);
  }

  private boolean acquire(int number, boolean wait) {
    Stripe stripe = held.get(number);
    if (stripe != null) {
      held.put(number, stripe.taken(stripe.times + 1));
      return true;
    }
    Path file = directory.resolve("%02x".formatted(number));
    return FileFailures.translate("lock", file, () -> open(number, file, wait));
  }

  private boolean open(int number, Path file, boolean wait) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null && wait) {
        debug.accept("waiting for lock " + file);
        lock = channel.lock();
        debug.accept("got lock " + file);
      }
      locked = lock != null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (locked) {
      held.put(number, new Stripe(channel, 1));
    }
    return locked;
  }

  private void release(int number) {
    Stripe stripe = held.remove(number);
    if (stripe == null) {
      throw new IllegalStateException("lock " + number + " is not held");
    }
    if (stripe.times > 1) {
      held.put(number, stripe.taken(stripe.times - 1));
      return;
    }
    FileFailures.run("unlock", directory, stripe.channel::close);
  }

  private record Stripe(FileChannel channel, int times) {
    Stripe taken(int newTimes) {
      return new Stripe(channel, newTimes);
    }
  }
}
