package dev.keg.backup.drill;

import dev.keg.backup.save.BackupContext;
import dev.keg.driver.VolumeDriver;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.NewVolume;
import dev.keg.lifecycle.Removal;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A volume for one drill: a plain directory, whatever the backup's driver, whose options could lead
 * to the live data. It is named {@code drill.VOLUME.RANDOM}; a file in its home marks it and is
 * locked while the drill runs, so that the remains of a killed drill are recognised.
 */
public final class ScratchVolume implements AutoCloseable {
  private static final String OPERATION = "drill";
  private static final String PREFIX = "drill.";
  private static final String MARK = "drill.lock";
  private static final String ALL = "@drills";
  private static final String LABEL = "dev.keg.drill";

  /** Leaves space for the rest of the name. */
  private static final int LONGEST = 200;

  private final BackupContext context;
  private final VolumeName name;
  private final FileChannel lock;
  private boolean kept;

  private ScratchVolume(BackupContext context, VolumeName name, FileChannel lock) {
    this.context = context;
    this.name = name;
    this.lock = lock;
  }

  static ScratchVolume create(BackupContext context, VolumeName of, String backup) {
    return create(context, of, backup, PoolName.DEFAULT);
  }

  /** The same on the disk of that pool. */
  static ScratchVolume create(BackupContext context, VolumeName of, String backup, PoolName pool) {
    String part = of.text().substring(0, Math.min(LONGEST, of.text().length()));
    String random = HexFormat.of().toHexDigits(context.random().nextInt());
    VolumeName name = new VolumeName(PREFIX + part + "." + random);
    Labels labels = Labels.NONE.with(LABEL, backup);
    Volume volume =
        new Volume(name, Volume.DEFAULT_DRIVER, Options.NONE, labels, context.clock().instant());
    context.registry().openForWriting();
    try (var _ = context.registry().lock().lockContainer(ALL)) {
      publish(context, volume, pool);
      return new ScratchVolume(context, name, locked(context, name));
    }
  }

  /**
   * Publishes the volume together with its mark, without which a killed drill's volume would not be
   * recognised.
   */
  private static void publish(BackupContext context, Volume volume, PoolName pool) {
    VolumeDriver driver = context.driver(OPERATION, volume);
    try (var _ = context.registry().lock().lock(volume.name())) {
      new NewVolume(context.services(), OPERATION, volume, Ownership.DEFAULT, pool)
          .publish(
              request -> {
                driver.create(request);
                Path mark = mark(request.home());
                FileFailures.run("create", mark, () -> Files.createFile(mark));
              });
    }
  }

  private static FileChannel locked(BackupContext context, VolumeName name) {
    Path mark = mark(context.registry().layout().home(name));
    try {
      return FileFailures.translate(
          "lock",
          mark,
          () -> {
            FileChannel channel = FileChannel.open(mark, StandardOpenOption.WRITE);
            var _ = channel.lock();
            return channel;
          });
    } catch (RuntimeException e) {
      remove(context, name);
      throw e;
    }
  }

  private static Path mark(VolumeHome home) {
    return home.file(MARK);
  }

  VolumeName name() {
    return name;
  }

  Path data() {
    return context.registry().layout().home(name).data();
  }

  /** Makes it an ordinary volume. */
  void keep() {
    kept = true;
  }

  /** Whether the volume belongs to a drill, running or killed. */
  public static boolean isOne(VolumeName name, VolumeHome home) {
    return name.text().startsWith(PREFIX) && Files.exists(mark(home));
  }

  /** Whether a killed drill left the volume. */
  public static boolean isLeft(VolumeName name, VolumeHome home) {
    return isOne(name, home)
        && FileFailures.<Boolean>translate(
            "lock",
            mark(home),
            () -> {
              try (FileChannel channel = FileChannel.open(mark(home), StandardOpenOption.WRITE)) {
                @Nullable FileLock lock = channel.tryLock();
                return lock != null;
              } catch (OverlappingFileLockException _) {
                return false;
              }
            });
  }

  /** Removes the volume with any snapshots of it. */
  private static void remove(BackupContext context, VolumeName name) {
    context
        .volumes()
        .remove(
            name.text(), Removal.Mode.NORMAL, Removal.Adopted.KEEP, Removal.OwnSnapshots.DELETE);
  }

  /** Removes the remains of killed drills. */
  static void sweep(BackupContext context) {
    if (!context.registry().openForReading()) {
      return;
    }
    for (VolumeName name : context.registry().names()) {
      VolumeHome home = context.registry().layout().home(name);
      if (isOne(name, home)) {
        context.registry().openForWriting();
        try (var _ = context.registry().lock().lockContainer(ALL)) {
          if (isLeft(name, home)) {
            remove(context, name);
          }
        }
      }
    }
  }

  /** Removes the volume, unless it is kept. */
  @Override
  public void close() {
    // Only the drill was interrupted, not the cleanup.
    var _ = Thread.interrupted();
    Path mark = mark(context.registry().layout().home(name));
    try (lock) {
      if (kept) {
        Files.deleteIfExists(mark);
      } else {
        remove(context, name);
      }
    } catch (IOException e) {
      throw FileFailures.failure("unlock", mark, e);
    }
  }
}
