package dev.keg.linux.tmpfs;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.List;

/** The options of a volume in memory and their names in tmpfs(5). */
final class TmpfsVolumeOptions {
  static final List<OptionDescriptor> DESCRIPTORS =
      List.of(
          new OptionDescriptor("size", "SIZE", "its size, or a part of memory such as 10%"),
          new OptionDescriptor("mode", "MODE", "permissions of its root directory"),
          new OptionDescriptor("uid", "UID", "owner of its root directory"),
          new OptionDescriptor("gid", "GID", "group of its root directory"),
          new OptionDescriptor("nr_inodes", "NUMBER", "its number of files"),
          new OptionDescriptor("nr_blocks", "NUMBER", "its size in pages"),
          new OptionDescriptor(
              "huge", "never|always|within_size|advise", "whether to use huge pages"),
          new OptionDescriptor("context", "LABEL", "the SELinux label of all its files"),
          new OptionDescriptor("noswap", "true|false", "keep it out of swap (Linux 6.4)"));

  static final Size DEFAULT = new Size(100L << 20);
  private static final List<String> HUGE = List.of("never", "always", "within_size", "advise");

  private TmpfsVolumeOptions() {}

  static List<FileSystemOption> of(DriverOptions options) {
    List<FileSystemOption> result = new ArrayList<>();
    size(options, result);
    number(options, "nr_inodes", Long.MAX_VALUE, result);
    if (options.mode("mode").isPresent()) {
      result.add(FileSystemOption.of("mode", "%o".formatted(options.mode("mode").getAsInt())));
    }
    number(options, "uid", Ownership.MAX_ID, result);
    number(options, "gid", Ownership.MAX_ID, result);
    if (options.has("huge")) {
      result.add(FileSystemOption.of("huge", options.choice("huge", "never", HUGE)));
    }
    options.text("context").ifPresent(l -> result.add(FileSystemOption.of("context", l)));
    if (options.flag("noswap")) {
      result.add(FileSystemOption.flag("noswap"));
    }
    return result;
  }

  // Both set the same limit, and the kernel silently uses the last one.
  private static void size(DriverOptions options, List<FileSystemOption> result) {
    if (options.has("nr_blocks")) {
      if (options.has("size")) {
        throw new InvalidOption(
            options.volume().text(),
            "conflicting options: \"size\" and \"nr_blocks\"",
            "both set the same limit; give one of them");
      }
      number(options, "nr_blocks", Long.MAX_VALUE, result);
      return;
    }
    String text = options.text("size").orElse("");
    result.add(
        FileSystemOption.of(
            "size",
            text.matches("\\d{1,3}%")
                ? text
                : Long.toString(options.size("size").orElse(DEFAULT).bytes())));
  }

  private static void number(
      DriverOptions options, String key, long max, List<FileSystemOption> result) {
    options
        .number(key)
        .ifPresent(
            value -> {
              if (value < 0 || value > max) {
                throw options.invalid(key, "a number up to " + max);
              }
              result.add(FileSystemOption.of(key, Long.toString(value)));
            });
  }
}
