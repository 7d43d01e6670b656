package dev.keg.driver.local;

import dev.keg.volume.Size;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the local driver leaves to the operating system: mounts and size limits. */
public interface LocalMounts {
  /** One call of mount(2). */
  void mount(MountCall call, Path target) throws Refused;

  /** Whether mount(8) would leave file systems of this type to another program. */
  boolean hasHelper(String type);

  /** By mount(8); the options are as the user wrote them. */
  void mountByHelper(String type, String device, String options, Path target) throws Refused;

  /** Takes down what is mounted on the directory; busy or not, and nothing there is no error. */
  void unmount(Path directory) throws Refused;

  boolean isMounted(Path directory) throws Refused;

  /** Refused if a server has what is in the directory, and does not answer in time. */
  void requireAnswer(Path directory) throws Refused;

  /** The address of a host. */
  String resolve(String host) throws UnknownHostException;

  /** Whether the file system that holds the directory can limit the size of a directory in it. */
  boolean hasQuotas(Path directory) throws Refused;

  /** Limits the directory with all that is below it; again with the same size is no error. */
  void limit(Path directory, Size size) throws Refused;

  /** Gives the limit back; a directory without one is no error. */
  void unlimit(Path directory) throws Refused;

  /** The system did not do it. */
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
