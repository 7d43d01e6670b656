package dev.keg.linux.loop;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.linux.driver.EncryptionOptions;
import dev.keg.linux.filesystem.LinuxFileSystem;
import dev.keg.volume.Size;
import java.util.List;
import java.util.Optional;

/**
 * The options of a volume in an image.
 *
 * @param size size of the file system, without the LUKS header
 * @param full whether all blocks of the image are allocated at once
 * @param manyWrites whether to optimize for many small writes
 * @param context the SELinux label of all files
 */
record LoopOptions(
    Size size,
    LinuxFileSystem fileSystem,
    boolean full,
    DirectIo directIo,
    boolean noatime,
    boolean manyWrites,
    Optional<String> context,
    Optional<EncryptionOptions> encryption) {
  static final List<OptionDescriptor> DESCRIPTORS =
      List.of(
          new OptionDescriptor("size", "SIZE", "its size; required"),
          new OptionDescriptor("fs", "ext4|xfs|btrfs", "its file system (default ext4)"),
          new OptionDescriptor(
              "allocate",
              "sparse|full",
              "whether the image occupies its space at once (default sparse)"),
          new OptionDescriptor("direct-io", "true|false", "bypass the host's page cache"),
          new OptionDescriptor("noatime", "true|false", "do not record access times"),
          new OptionDescriptor(
              "iops",
              "NUMBER",
              "optimize for many small writes, whatever the number: direct-io, full, noatime, a"
                  + " large journal (ext4), logbsize=256k (xfs)"),
          new OptionDescriptor("context", "LABEL", "the SELinux label of all its files"),
          new OptionDescriptor(EncryptionOptions.WORD, "true|false", "encrypt it (LUKS2)"),
          EncryptionOptions.KEY_FILE);

  /** Whether to bypass the host's page cache. */
  enum DirectIo {
    OFF,
    IF_POSSIBLE,
    REQUIRED
  }

  private static final long BLOCK = 4096;
  private static final long GIB = 1L << 30;

  static LoopOptions of(DriverOptions options) {
    options.require("size");
    boolean manyWrites = iops(options);
    LinuxFileSystem fileSystem =
        LinuxFileSystem.of(options.choice("fs", "ext4", LinuxFileSystem.WORDS));
    return new LoopOptions(
        size(options, fileSystem),
        fileSystem,
        options
            .choice("allocate", manyWrites ? "full" : "sparse", List.of("sparse", "full"))
            .equals("full"),
        directIo(options, manyWrites),
        options.flag("noatime") || manyWrites,
        manyWrites,
        options.text("context"),
        EncryptionOptions.of(options));
  }

  private static Size size(DriverOptions options, LinuxFileSystem fileSystem) {
    Size size = options.size("size").orElse(Size.ZERO);
    if (size.compareTo(fileSystem.smallest()) < 0) {
      throw options.invalid(
          "size", "at least " + fileSystem.smallest().humanBinary() + " for " + fileSystem.word());
    }
    return rounded(size);
  }

  /** Rounds up to whole blocks of the file system. */
  static Size rounded(Size size) {
    return new Size((size.bytes() + BLOCK - 1) / BLOCK * BLOCK);
  }

  private static boolean iops(DriverOptions options) {
    if (options.has("iops") && options.number("iops").orElse(0) <= 0) {
      throw options.invalid("iops", "a number of operations a second");
    }
    return options.has("iops");
  }

  private static DirectIo directIo(DriverOptions options, boolean manyWrites) {
    if (options.has("direct-io")) {
      return options.flag("direct-io") ? DirectIo.REQUIRED : DirectIo.OFF;
    }
    return manyWrites ? DirectIo.IF_POSSIBLE : DirectIo.OFF;
  }

  /**
   * The size of the journal; larger for many small writes, which fill it and then wait while it is
   * emptied.
   */
  Optional<Integer> journal() {
    if (!manyWrites || size.bytes() < GIB) {
      return Optional.empty();
    }
    return Optional.of(size.bytes() < 4 * GIB ? 64 : 256);
  }

  /** The length of the image. */
  long imageLength(Size ofFileSystem) {
    return ofFileSystem.bytes() + (encryption.isPresent() ? Luks.HEADER : 0);
  }
}
