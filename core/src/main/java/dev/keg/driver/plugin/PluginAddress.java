package dev.keg.driver.plugin;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The address on which a plugin listens. */
sealed interface PluginAddress {
  /** A socket on this host. */
  record Local(Path socket) implements PluginAddress {
    @Override
    public String toString() {
      return socket.toString();
    }
  }

  /**
   * A TCP port.
   *
   * @param tls encrypts the connection, if present
   * @param checked whether the certificate must match the host
   */
  record Remote(String host, int port, Optional<SSLContext> tls, boolean checked)
      implements PluginAddress {
    Remote over(SSLContext context, boolean check) {
      return new Remote(host, port, Optional.of(context), check);
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Parses the line of a specification, in the path's file system. */
  static PluginAddress parse(String text, Path relativeTo) throws PluginException {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException _) {
      throw wrong(text);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    return switch (scheme) {
      case "unix" -> local(uri, text, relativeTo);
      case "tcp", "http", "https" -> remote(uri, text);
      default -> throw wrong(text);
    };
  }

  private static Local local(URI uri, String text, Path relativeTo) throws PluginException {
    if (uri.getPath() == null || !uri.getPath().startsWith("/") || uri.getAuthority() != null) {
      throw wrong(text);
    }
    return new Local(relativeTo.getFileSystem().getPath(uri.getPath()));
  }

  private static Remote remote(URI uri, String text) throws PluginException {
    if (uri.getHost() == null || uri.getPort() < 1) {
      throw wrong(text);
    }
    return new Remote(uri.getHost(), uri.getPort(), Optional.empty(), true);
  }

  private static PluginException wrong(String text) {
    return PluginException.unusable(
        "'%s' is not unix:///SOCKET or tcp://HOST:PORT".formatted(text.strip()));
  }
}
