package dev.keg.linux.mount;

import java.util.List;
import java.util.Optional;

/**
 * One line of the kernel's mount table.
 *
 * @param device major and minor number, {@code 98:0}
 * @param root the part of the file system that it shows; {@code /} except for bind mounts
 * @param target the mount point
 * @param options of this mount: {@code ro nosuid noatime}
 * @param peers how mounts propagate: {@code shared:2 master:1 unbindable}
 * @param superOptions of the file system, for all its mounts
 */
public record Mount(
    long id,
    long parent,
    String device,
    String root,
    String target,
    List<String> options,
    List<String> peers,
    String type,
    String source,
    List<String> superOptions) {
  public Mount {
    options = List.copyOf(options);
    peers = List.copyOf(peers);
    superOptions = List.copyOf(superOptions);
  }

  /** Whether this mount is read-only. */
  public boolean readOnly() {
    return options.contains("ro") || superOptions.contains("ro");
  }

  /** The value of an option of the file system, such as {@code upperdir} of an overlay. */
  public Optional<String> superOption(String key) {
    return superOptions.stream()
        .filter(option -> option.startsWith(key + "="))
        .map(option -> option.substring(key.length() + 1))
        .findFirst();
  }
}
