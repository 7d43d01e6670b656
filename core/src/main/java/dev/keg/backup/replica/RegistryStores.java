package dev.keg.backup.replica;

import dev.keg.backup.replica.RepositoryLocation.Bucket;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.RecordFailures;
import dev.keg.backup.store.etcd.EtcdOptions;
import dev.keg.backup.store.etcd.EtcdOptions.Login;
import dev.keg.backup.store.etcd.EtcdSetup;
import dev.keg.backup.store.s3.S3Environment;
import dev.keg.backup.store.s3.S3Setup;
import dev.keg.error.InvalidInput.InvalidRegistry;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.record.RecordStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens the stores of registries that hosts share, by address:
 *
 * <pre>
 * s3://BUCKET/PREFIX                  with the parameters of a repository
 * etcd://HOST:PORT,HOST:PORT/PREFIX   ?tls=true &amp;cacert=FILE &amp;user=NAME &amp;password-file=FILE
 * </pre>
 */
public final class RegistryStores {
  private static final Pattern ETCD =
      Pattern.compile("etcd://(?<hosts>[^/?]+)/?(?<prefix>[^?]*)(\\?(?<query>.*))?");
  private static final Pattern SCHEME = Pattern.compile("(?<scheme>[a-zA-Z][\\w+.-]+)://.*");
  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:]+]|[\\w.-]+)(:\\d{1,5})?");
  private static final Set<String> PARAMETERS = Set.of("tls", "cacert", "user", "password-file");

  private final FileSystem files;
  private final Map<String, String> variables;
  private final Supplier<S3Environment> s3;
  private final Backoff backoff;
  private final Consumer<String> debug;

  public RegistryStores(
      FileSystem files,
      Map<String, String> variables,
      Supplier<S3Environment> s3,
      Backoff backoff,
      Consumer<String> debug) {
    this.files = files;
    this.variables = variables;
    this.s3 = s3;
    this.backoff = backoff;
    this.debug = debug;
  }

  /** Whether the text names a store rather than a directory; refuses an unknown scheme. */
  public static boolean isAddress(String text) {
    boolean known = text.startsWith("s3:") || text.startsWith("etcd:");
    Matcher other = SCHEME.matcher(text);
    if (!known && other.matches()) {
      throw new InvalidRegistry(
          "unknown scheme '%s'".formatted(other.group("scheme")),
          "a directory, s3://BUCKET/PREFIX or etcd://HOST/PREFIX");
    }
    return known;
  }

  public RecordStore open(String text) {
    if (text.startsWith("etcd:")) {
      EtcdOptions options = etcd(text);
      return RecordFailures.translate(() -> EtcdSetup.open(options, backoff, debug));
    }
    if (RepositoryLocation.parse(text, files) instanceof Bucket(var options)) {
      if (options.lock().isPositive()) {
        throw new InvalidRegistry(
            "lock= is for backups, but a registry changes", "leave out lock=");
      }
      return RecordFailures.translate(() -> S3Setup.openRecords(options, s3.get()));
    }
    throw new InvalidRegistry("'" + text + "' cannot store a registry", "s3://… or etcd://…");
  }

  private EtcdOptions etcd(String text) {
    Matcher address = ETCD.matcher(text);
    if (!address.matches()) {
      throw invalid(text, "it names no host");
    }
    List<String> endpoints = new ArrayList<>();
    for (String host : address.group("hosts").split(",", -1)) {
      Matcher endpoint = HOST.matcher(host);
      if (!endpoint.matches()) {
        throw invalid(text, "'" + RepositoryLocation.masked(host) + "' is not a host");
      }
      endpoints.add(endpoint.group(2) == null ? host + ":2379" : host);
    }
    Map<String, String> parameters = parameters(text, address.group("query"));
    String tls = parameters.getOrDefault("tls", Boolean.toString(parameters.containsKey("cacert")));
    if (parameters.containsKey("cacert") && tls.equals("false")) {
      throw invalid(text, "cacert= is for TLS");
    }
    return new EtcdOptions(
        endpoints,
        address.group("prefix"),
        tls.equals("true"),
        Optional.ofNullable(parameters.get("cacert")).map(files::getPath),
        login(parameters));
  }

  private static InvalidRegistry invalid(String text, String why) {
    return new InvalidRegistry(
        "'%s': %s".formatted(RepositoryLocation.masked(text), why),
        "etcd://HOST:2379,HOST:2379/PREFIX?tls=true&cacert=FILE&user=NAME&password-file=FILE");
  }

  private static Map<String, String> parameters(String text, @Nullable String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      String[] sides = pair.split("=", 2);
      if (sides.length < 2 || !PARAMETERS.contains(sides[0])) {
        throw invalid(text, "unknown parameter '" + sides[0] + "'");
      }
      parameters.put(sides[0], URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
    }
    if (!parameters.getOrDefault("tls", "true").matches("true|false")) {
      throw invalid(text, "tls is true or false");
    }
    return parameters;
  }

  private Optional<Login> login(Map<String, String> parameters) {
    return Optional.ofNullable(parameters.get("user"))
        .or(() -> Optional.ofNullable(variables.get("ETCDCTL_USER")))
        .map(user -> new Login(user, password(parameters.get("password-file"))));
  }

  private String password(@Nullable String file) {
    if (file == null) {
      return variables.getOrDefault("ETCDCTL_PASSWORD", "");
    }
    Path path = files.getPath(file);
    return FileFailures.translate(
            "read", path, () -> new String(SmallFile.read(path), StandardCharsets.UTF_8))
        .strip();
  }
}
