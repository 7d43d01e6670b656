package dev.keg.backup.replica;

import dev.keg.backup.replica.Repositories.Environment;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.directory.DirectoryStore;
import dev.keg.backup.store.s3.S3Options;
import dev.keg.backup.store.s3.S3Setup;
import dev.keg.backup.store.ssh.SshStore;
import dev.keg.backup.store.ssh.SshTarget;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.volume.Options;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The location of a repository:
 *
 * <pre>
 * /srv/backups            file:///srv/backups
 * s3://BUCKET/PREFIX      ?endpoint=https://host:port &amp;region=R &amp;profile=P &amp;virtual=true &amp;lock=30d
 * ssh://USER@HOST:PORT/DIRECTORY      /~/DIRECTORY is below the user's home
 * </pre>
 */
sealed interface RepositoryLocation {
  /** Opens the store at the location. */
  ObjectStore open(Environment environment) throws StoreException;

  /** A directory of this machine, possibly on a mounted file system. */
  record Directory(Path path) implements RepositoryLocation {
    @Override
    public ObjectStore open(Environment environment) throws StoreException {
      return DirectoryStore.open(path, environment.sync(), environment.random());
    }
  }

  /** A bucket. */
  record Bucket(S3Options options) implements RepositoryLocation {
    @Override
    public ObjectStore open(Environment environment) throws StoreException {
      return S3Setup.open(options, environment.s3().get());
    }
  }

  /** A directory on another machine. */
  record Remote(SshTarget target) implements RepositoryLocation {
    @Override
    public ObjectStore open(Environment environment) throws StoreException {
      return SshStore.open(target, environment.ssh().get());
    }
  }

  /**
   * Addresses of a kind of server.
   *
   * @param form how they look
   */
  record Scheme(
      String name, String form, BiFunction<String, URI, ? extends RepositoryLocation> parser) {
    String begin() {
      return name + "://…";
    }
  }

  List<Scheme> SERVERS =
      List.of(
          new Scheme("s3", "s3://BUCKET/PREFIX", RepositoryLocation::bucket),
          new Scheme("ssh", "ssh://USER@HOST:PORT/DIRECTORY", RepositoryLocation::remote));

  Set<String> PARAMETERS = Set.of("endpoint", "region", "profile", "virtual", "lock");

  static RepositoryLocation parse(String text, FileSystem files) {
    if (text.isEmpty()) {
      throw new InvalidRepository("the name is empty", null);
    }
    int colon = Math.max(0, text.indexOf(':'));
    Optional<Scheme> server = server(text.substring(0, colon));
    if (server.isPresent() && text.substring(colon + 1).matches("/*")) {
      throw new InvalidRepository(
          "'" + masked(text) + "' is incomplete", listed(" or ", Scheme::form));
    }
    if ((server.isPresent() || text.startsWith("file:")) && !text.startsWith("//", colon + 1)) {
      throw new InvalidRepository(
          "'" + masked(text) + "' is not an address",
          "write two slashes after the colon: " + listed(", ", Scheme::begin));
    }
    int end = text.indexOf("://");
    if (end < 0) {
      return new Directory(files.getPath(text).toAbsolutePath().normalize());
    }
    URI uri = uri(text);
    if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
      throw new InvalidRepository(
          "an address must not contain a password", "ssh uses its agent, S3 the environment");
    }
    refusePart(text, '#', uri.getRawFragment());
    return text.startsWith("file:")
        ? directory(uri, files)
        : server(text.substring(0, end))
            .orElseThrow(
                () ->
                    new InvalidRepository(
                        "unknown scheme in '" + masked(text) + "'",
                        "a directory, " + listed(" or ", Scheme::begin)))
            .parser()
            .apply(text, uri);
  }

  private static Optional<Scheme> server(String name) {
    return SERVERS.stream().filter(scheme -> scheme.name().equals(name)).findFirst();
  }

  private static String listed(String separator, Function<Scheme, String> part) {
    return SERVERS.stream().map(part).collect(Collectors.joining(separator));
  }

  /** The text without any passwords and keys, which do not belong in an address. */
  static String masked(String text) {
    return text.replaceAll("(://[^/@:]*):(?!\\d{1,5}/).*@", "$1:" + Options.MASK + "@")
        .replaceAll(
            "(?i)([?&#][^=&#]*(key|secret|token|pass|sig)[^=&#]*)=[^&]*", "$1=" + Options.MASK);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidRepository("'%s': %s".formatted(masked(text), e.getReason()), null);
    }
  }

  private static Directory directory(URI uri, FileSystem files) {
    if (uri.getRawAuthority() != null || uri.getPath().isEmpty()) {
      throw new InvalidRepository(
          "'" + masked(uri.toString()) + "' names a host", "file:///directory has none");
    }
    refusePart(uri.toString(), '?', uri.getRawQuery());
    return new Directory(files.getPath(uri.getPath()).normalize());
  }

  private static void refusePart(String text, char mark, @Nullable String part) {
    if (part != null) {
      throw new InvalidRepository(
          "'%s' in '%s' has no meaning".formatted(masked(mark + part), masked(text)),
          (mark == '?' ? "only an S3 address takes parameters; " : "")
              + "write %%%02X for a '%c' in a name".formatted((int) mark, mark));
    }
  }

  private static Bucket bucket(String text, URI uri) {
    String bucket = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    if (bucket.isEmpty() || bucket.contains("@")) {
      throw new InvalidRepository("no bucket in '" + masked(text) + "'", "s3://BUCKET/PREFIX");
    }
    Map<String, String> parameters = parameters(text, uri.getRawQuery());
    if (!parameters.getOrDefault("region", "").matches("[A-Za-z0-9-]*")) {
      throw new InvalidRepository(
          "invalid region in '" + masked(text) + "'", "a region is letters, digits and hyphens");
    }
    return new Bucket(
        new S3Options(
            bucket,
            Optional.ofNullable(uri.getPath()).orElse(""),
            endpoint(parameters.get("endpoint")),
            parameters.get("region"),
            parameters.get("profile"),
            isVirtual(text, parameters.getOrDefault("virtual", "false")),
            lock(text, parameters.getOrDefault("lock", "0d"))));
  }

  private static boolean isVirtual(String text, String virtual) {
    if (!virtual.matches("true|false")) {
      throw new InvalidRepository(
          "invalid virtual in '" + masked(text) + "'", "virtual is true or false");
    }
    return virtual.equals("true");
  }

  private static Duration lock(String text, String days) {
    if (!days.matches("\\d{1,4}d")) {
      throw new InvalidRepository(
          "invalid lock in '" + masked(text) + "'", "a lock is a number of days: lock=30d");
    }
    return Duration.ofDays(Integer.parseInt(days.substring(0, days.length() - 1)));
  }

  private static @Nullable URI endpoint(@Nullable String text) {
    if (text == null) {
      return null;
    }
    URI endpoint = uri(text.contains("://") ? text : "https://" + text);
    if (endpoint.getHost() == null || !endpoint.getScheme().matches("https?")) {
      throw new InvalidRepository(
          "invalid endpoint in '" + masked(text) + "'", "endpoint=https://HOST:PORT");
    }
    return endpoint;
  }

  private static Map<String, String> parameters(String text, @Nullable String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0 || !PARAMETERS.contains(key)) {
        throw new InvalidRepository(
            "unknown parameter '%s' in '%s'".formatted(key, masked(text)),
            "an S3 address takes endpoint, region, profile, virtual and lock");
      }
      String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      if (parameters.put(key, value) != null) {
        throw new InvalidRepository(
            "'%s' has two values for %s".formatted(masked(text), key), null);
      }
    }
    return parameters;
  }

  private static Remote remote(String text, URI uri) {
    refusePart(text, '?', uri.getRawQuery());
    try {
      String host = Optional.ofNullable(uri.getHost()).orElse("");
      String path = Optional.ofNullable(uri.getPath()).orElse("");
      String directory = path.startsWith("/~/") ? path.substring("/~/".length()) : path;
      return new Remote(
          new SshTarget(
              uri.getUserInfo(),
              host.replaceAll("^\\[|]$", ""),
              Math.max(0, uri.getPort()),
              directory));
    } catch (IllegalArgumentException e) {
      throw new InvalidRepository(
          "'%s': %s".formatted(masked(text), e.getMessage()), "ssh://USER@HOST:PORT/DIRECTORY");
    }
  }
}
