package dev.keg.windows.publish;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a running container, as a path that is invalid in Windows but unique:
 *
 * <pre>\\.\hcs\CONTAINER\RUN\C\data</pre>
 *
 * @param run the beginning of the id of this run of the container, since a mapping ends with its
 *     run
 * @param path the path in the container
 */
public record ContainerSite(String container, String run, String path) {
  private static final Pattern SITE =
      Pattern.compile("\\\\\\\\\\.\\\\hcs\\\\([^\\\\]+)\\\\([0-9a-f]{8})\\\\([A-Z])(\\\\.+)");

  private static final Pattern TARGET = Pattern.compile("([A-Za-z]):[\\\\/]+([^\\\\/].*)");

  /** Empty if it is not a place in a container. */
  public static Optional<ContainerSite> of(String site) {
    Matcher matcher = SITE.matcher(site);
    return matcher.matches()
        ? Optional.of(
            new ContainerSite(
                matcher.group(1), matcher.group(2), matcher.group(3) + ":" + matcher.group(4)))
        : Optional.empty();
  }

  /**
   * Empty if the target is not a directory on a drive.
   *
   * @param run the whole id
   */
  static Optional<ContainerSite> in(String container, String run, String target) {
    Matcher matcher = TARGET.matcher(target);
    return matcher.matches()
        ? Optional.of(
            new ContainerSite(
                container,
                beginning(run),
                matcher.group(1).toUpperCase(Locale.ROOT)
                    + ":\\"
                    + matcher.group(2).replace('/', '\\')))
        : Optional.empty();
  }

  private static String beginning(String run) {
    return run.toLowerCase(Locale.ROOT).substring(0, Math.min(8, run.length()));
  }

  /** Whether this place is in the run of the container with this id. */
  public boolean isOf(String wholeRun) {
    return beginning(wholeRun).equals(run);
  }

  Path site() {
    return Path.of("\\\\.\\hcs\\%s\\%s\\%s".formatted(container, run, path.replace(":", "")));
  }
}
