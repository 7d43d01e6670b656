package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskException;
import dev.keg.driver.Examines.Examined;
import dev.keg.linux.driver.ImageExamination;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.filesystem.LinuxFileSystem;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Examines a disk: its format with qemu-img(1), and the file system on a raw disk with fsck(8). */
record DiskExamination(Kernel kernel, VolumeName volume, DiskFile file) {
  // The exit status of `qemu-img check` for damage.
  private static final int DAMAGED = 2;
  private static final int LEAKS = 3;
  private static final int NO_CHECK = 63;
  private static final String ENCRYPTED = "it is encrypted";

  Examined run(Duration limit) throws ErrnoException, ToolException, IOException {
    try {
      QemuLocks.refuseOpen(file.path(), false);
    } catch (DiskException e) {
      return new Examined.Skipped(e.why());
    }
    return switch (file.format()) {
      case RAW -> raw(limit);
      case LUKS -> new Examined.Skipped(ENCRYPTED);
      case ISO -> new Examined.Sound();
      case QCOW2, VHD, VHDX ->
          new ImageExamination(kernel, volume, file.path()).unlessUsed(() -> format(limit));
    };
  }

  private Examined raw(Duration limit) throws ErrnoException, ToolException, IOException {
    Optional<LinuxFileSystem> found =
        Superblock.find(file.path(), 0)
            .map(place -> place.kind().name().toLowerCase(Locale.ROOT))
            .filter(LinuxFileSystem.WORDS::contains)
            .map(LinuxFileSystem::of);
    return found.isEmpty()
        ? new Examined.Sound()
        : new ImageExamination(kernel, volume, file.path()).of(found.get(), limit);
  }

  // Without shared access, qemu-img would prevent a machine from starting meanwhile.
  private Examined format(Duration limit) throws ToolException, IOException {
    try {
      var _ =
          kernel
              .tools()
              .run(
                  Tool.of(
                          "qemu-img",
                          "check",
                          "-q",
                          "--force-share",
                          "-f",
                          file.qemuFormat(),
                          file.path().toString())
                      .withLimit(limit));
      return new Examined.Sound();
    } catch (ToolException e) {
      if (e.didNotRun() || e.timedOut()) {
        throw e;
      }
      if (e.output().contains("key-secret")) {
        return new Examined.Skipped(ENCRYPTED);
      }
      return switch (e.exit()) {
        case NO_CHECK -> new Examined.Sound();
        case LEAKS ->
            new Examined.Flawed(
                "its disk has blocks that belong to nothing",
                "it takes more space than it needs",
                "qemu-img check -r leaks " + file.path(),
                false);
        case DAMAGED -> damaged(String.valueOf(e.getMessage()));
        default -> damaged(unreadable(e).orElseThrow(() -> e));
      };
    }
  }

  /** Why a disk is damaged that qemu-img could not open; empty if it failed for another reason. */
  private Optional<String> unreadable(ToolException failure) throws IOException {
    if (failure.output().contains("Unsupported")) {
      return Optional.empty();
    }
    try {
      var _ = Disk.of(file.path(), file.format());
      return Optional.empty();
    } catch (DiskException e) {
      return Optional.of(e.why());
    }
  }

  private Examined damaged(String why) {
    return new Examined.Flawed(
        "its disk is damaged: " + why,
        "data is lost, or will be when a machine writes to it",
        "see `qemu-img check %s`; then `keg restore --replace %s`".formatted(file.path(), volume),
        true);
  }
}
