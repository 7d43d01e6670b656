package dev.keg.driver.local;

import dev.keg.volume.Size;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the local driver needs from the operating system: mounts and size limits. */
public interface LocalMounts {
  /** One call of mount(2). */
  void mount(MountCall call, Path target) throws Refused;

  /** Whether mount(8) runs a helper program for file systems of this type. */
  boolean hasHelper(String type);

  /** Mounts with mount(8), with the options as the user wrote them. */
  void mountByHelper(String type, String device, String options, Path target) throws Refused;

  /** Unmounts the directory, even if it is busy; nothing mounted is not an error. */
  void unmount(Path directory) throws Refused;

  boolean isMounted(Path directory) throws Refused;

  /** Fails if the directory is on a server that does not answer in time. */
  void requireAnswer(Path directory) throws Refused;

  /** The address of a host. */
  String resolve(String host) throws UnknownHostException;

  /** Whether the file system that holds the directory can limit the size of a directory in it. */
  boolean hasQuotas(Path directory) throws Refused;

  /** Limits the directory and everything below it; setting the same limit again is not an error. */
  void limit(Path directory, Size size) throws Refused;

  /** Lets an empty directory count towards the limit of another. */
  void shareLimit(Path limited, Path directory) throws Refused;

  /** Removes the limit; a directory without one is not an error. */
  void unlimit(Path directory) throws Refused;

  /** Whether both count towards one limit. */
  boolean shareOneLimit(Path directory, Path other) throws Refused;

  /** The system refused. */
  final class Refused extends Exception {
    private final @Nullable String hint;

    public Refused(String why, @Nullable String hint, @Nullable Throwable cause) {
      super(why, cause);
      this.hint = hint;
    }

    public String why() {
      return String.valueOf(getMessage());
    }

    public Optional<String> hint() {
      return Optional.ofNullable(hint);
    }
  }
}
