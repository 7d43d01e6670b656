package dev.keg.moving;

import dev.keg.backup.store.ssh.RemoteProgram;
import dev.keg.backup.store.ssh.SshTarget;
import dev.keg.error.InvalidInput.InvalidDestination;
import dev.keg.program.Programs;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * A root on another host: {@code ssh://[USER@]HOST[:PORT][/ROOT]}; without a root, that host's
 * default one.
 */
public record MoveDestination(String text, SshTarget target, Optional<String> root) {
  public static MoveDestination parse(String text) {
    if (!text.startsWith("ssh://")) {
      throw new InvalidDestination(text, "it does not begin with ssh://");
    }
    try {
      URI uri = new URI(text);
      String host = Optional.ofNullable(uri.getHost()).orElse("");
      String user = uri.getUserInfo();
      if (host.isEmpty()) {
        throw new InvalidDestination(text, "no host");
      }
      if (uri.getQuery() != null || uri.getFragment() != null) {
        throw new InvalidDestination(text, "nothing may follow the path");
      }
      String path = Optional.ofNullable(uri.getPath()).orElse("");
      boolean given = path.length() > 1;
      SshTarget target =
          new SshTarget(
              user, host.replaceAll("^\\[|]$", ""), Math.max(0, uri.getPort()), "/" + path);
      return new MoveDestination(text, target, given ? Optional.of(path) : Optional.empty());
    } catch (URISyntaxException e) {
      throw new InvalidDestination(
          text, text.equals("ssh://") ? "no host" : String.valueOf(e.getReason()));
    } catch (IllegalArgumentException e) {
      throw new InvalidDestination(text, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The program that runs Keg there, as the far side of a move.
   *
   * @param remote its command line there, for the login shell
   */
  RemoteProgram program(String remote, Programs programs) {
    String chosen = root.map(path -> " --root '" + path.replace("'", "'\\''") + "'").orElse("");
    return new RemoteProgram(target, text, remote + chosen + " " + Receiving.COMMAND, programs);
  }
}
