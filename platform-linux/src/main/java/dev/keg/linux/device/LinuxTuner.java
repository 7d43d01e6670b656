package dev.keg.linux.device;

import dev.keg.file.FileFailures;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.Mounts;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.tuning.Knob;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Tuner;
import dev.keg.tuning.Untunable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings of mounts and, through {@link QueueKnobs}, of the devices below them. */
public final class LinuxTuner implements Tuner {
  private static final List<MountFlag> ACCESS_TIMES =
      List.of(MountFlag.NOATIME, MountFlag.RELATIME, MountFlag.STRICTATIME);

  private final Mounts mounts;
  private final QueueKnobs queues;

  public LinuxTuner(Mounts mounts) {
    this(mounts, LinuxDevices.SYSFS);
  }

  LinuxTuner(Mounts mounts, Path sysfs) {
    this.mounts = mounts;
    this.queues = new QueueKnobs(new LinuxDevices(mounts::table, sysfs), sysfs);
  }

  @Override
  public Knob knob(Path directory, Setting setting) throws Untunable {
    try {
      Path real = real(directory);
      ProcMounts table = mounts.table();
      Mount mount = holding(table, real);
      return switch (setting) {
        case ATIME -> accessTimes(mount);
        case SYNC -> synchronous(table, mount, real);
        case SCHEDULER -> queues.scheduler(table, mount, real);
        case READAHEAD -> queues.readahead(table, mount, real);
      };
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static Mount holding(ProcMounts table, Path real) throws Untunable {
    return table
        .holding(real)
        .orElseThrow(() -> new Untunable("cannot find the file system of " + real, null));
  }

  private static Untunable unreadable(Path directory, IOException e) {
    return new Untunable(
        "cannot find the file system of %s: %s".formatted(directory, FileFailures.reason(e)),
        null,
        e);
  }

  @Override
  public void share(Path directory, Set<String> words, boolean alone) throws Untunable {
    try {
      Path real = real(directory);
      ProcMounts table = mounts.table();
      Mount mount = holding(table, real);
      List<String> missing =
          words.stream().filter(word -> !mount.superOptions().contains(word)).sorted().toList();
      if (missing.isEmpty()) {
        return;
      }
      String text = String.join(", ", missing);
      requireOwn(table, mount, real, text);
      if (!alone) {
        throw new Untunable(
            "%s applies to the whole file system, which others have mounted without it"
                .formatted(text),
            "unmount the volume there first");
      }
      Path target = Path.of(mount.target());
      for (String word : missing) {
        mounts.reconfigure(FileLocation.exactly(target), FileSystemOption.flag(word));
      }
      if (!top(target).superOptions().containsAll(missing)) {
        throw new Untunable(
            "a file system of type %s has no %s".formatted(mount.type(), text), null);
      }
    } catch (ErrnoException e) {
      throw new Untunable(
          "cannot set %s: %s".formatted(String.join(", ", words), e.reason()),
          e.remedy().orElse(null),
          e);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  // Only the parent is resolved: the server of the mount itself may no longer answer.
  private Path real(Path directory) throws IOException {
    Optional<Mount> mount = mounts.on(directory);
    return mount.isPresent() ? Path.of(mount.get().target()) : directory.toRealPath();
  }

  private Knob accessTimes(Mount mount) throws Untunable {
    Path target = Path.of(mount.target());
    return KernelKnob.of(
        Setting.ATIME,
        mount.target(),
        ACCESS_TIMES.stream().map(MountFlag::word).toList(),
        List.of(),
        new KernelKnob.Access() {
          @Override
          public String read() throws IOException {
            return word(top(target));
          }

          @Override
          public void write(String value) throws ErrnoException {
            mounts.change(FileLocation.exactly(target), flags(value));
          }
        });
  }

  /** The mount's access-time option; the kernel shows no word for strictatime. */
  private static String word(Mount mount) {
    return ACCESS_TIMES.stream()
        .map(MountFlag::word)
        .filter(mount.options()::contains)
        .findFirst()
        .orElse(MountFlag.STRICTATIME.word());
  }

  private static Set<MountFlag> flags(String word) {
    return EnumSet.of(MountFlag.of(word).orElseThrow(() -> new IllegalArgumentException(word)));
  }

  private Knob synchronous(ProcMounts table, Mount mount, Path real) throws Untunable {
    requireOwn(table, mount, real, "sync");
    Path target = Path.of(mount.target());
    return KernelKnob.of(
        Setting.SYNC,
        mount.target(),
        List.of("sync", "async"),
        List.of(),
        new KernelKnob.Access() {
          @Override
          public String read() throws IOException {
            return top(target).superOptions().contains("sync") ? "sync" : "async";
          }

          @Override
          public void write(String value) throws ErrnoException {
            mounts.reconfigure(FileLocation.exactly(target), FileSystemOption.flag(value));
          }
        });
  }

  private static void requireOwn(ProcMounts table, Mount mount, Path real, String words)
      throws Untunable {
    if (!isOwn(table, mount, real)) {
      throw new Untunable(
          "%s applies to the whole file system, and others use that of %s"
              .formatted(words, mount.target()),
          "a volume of driver loop has a file system of its own");
    }
  }

  private Mount top(Path target) throws IOException {
    return mounts
        .table()
        .top(target)
        .orElseThrow(() -> new IOException("%s was unmounted meanwhile".formatted(target)));
  }

  /**
   * Whether the directory is the first mount point of the whole file system; later ones are mounts
   * of the same volume elsewhere.
   */
  static boolean isOwn(ProcMounts table, Mount mount, Path directory) {
    return mount.target().equals(directory.toString())
        && mount.root().equals("/")
        && table.mounts().stream()
            .filter(other -> other.device().equals(mount.device()))
            .findFirst()
            .filter(mount::equals)
            .isPresent();
  }
}
