package dev.keg.backup.oci;

import dev.keg.backup.store.StoreException;
import dev.keg.file.FileFailures;
import dev.keg.file.OwnUser;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The logins that {@code docker login} and {@code podman login} store, in a file or a helper
 * program:
 *
 * <pre>
 * {"auths":{"registry.example.com":{"auth":"dXNlcjpwYXNz"}},
 *  "credHelpers":{"gcr.io":"gcloud"},
 *  "credsStore":"secretservice"}
 * </pre>
 */
record Logins(RegistryEnvironment environment) {
  private static final String PODMAN = "containers/auth.json";

  /** The login for a repository, from the first file that has one. */
  Optional<Login> find(ImageReference image) throws StoreException {
    for (Path file : files(image)) {
      Optional<Login> found = find(image, file);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Login> find(ImageReference image, Path file) throws StoreException {
    Map<String, Object> config;
    try {
      config = JsonObject.parse(Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (InvalidDocument e) {
      throw failure(image, file + ": " + e.getMessage());
    } catch (IOException e) {
      throw failure(image, file + ": " + FileFailures.reason(e));
    }
    Optional<String> helper =
        text(map(config, "credHelpers"), image.host()).or(() -> text(config, "credsStore"));
    return helper.isPresent()
        ? new LoginHelper(helper.get(), environment.programs()).get(image)
        : kept(image, map(config, "auths"), file);
  }

  /** The files in podman's order; {@code docker login} writes the last one. */
  private List<Path> files(ImageReference image) throws StoreException {
    Path home = environment.home();
    Optional<Path> only = path("REGISTRY_AUTH_FILE");
    if (only.isPresent()) {
      return List.of(only.get());
    }
    Optional<Path> runtime = path("XDG_RUNTIME_DIR").map(directory -> directory.resolve(PODMAN));
    List<Path> files = new ArrayList<>();
    (runtime.isPresent() ? runtime : ofNoSession(image)).ifPresent(files::add);
    files.add(path("XDG_CONFIG_HOME").orElse(home.resolve(".config")).resolve(PODMAN));
    files.add(path("DOCKER_CONFIG").orElse(home.resolve(".docker")).resolve("config.json"));
    return files;
  }

  /** The file that podman uses outside a session, as in a unit of systemd. */
  private Optional<Path> ofNoSession(ImageReference image) throws StoreException {
    FileSystem files = environment.home().getFileSystem();
    try {
      return OwnUser.id(files)
          .map(user -> files.getPath("/run/containers", user.toString(), "auth.json"));
    } catch (IOException e) {
      throw failure(
          image, "cannot determine which user's logins to use: " + FileFailures.reason(e));
    }
  }

  private Optional<Path> path(String variable) {
    return variable(variable).map(environment.home().getFileSystem()::getPath);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.variables().get(name)).filter(text -> !text.isBlank());
  }

  /** Podman also stores logins for parts of a registry: the longest matching name counts. */
  private static Optional<Login> kept(ImageReference image, Map<?, ?> auths, Path file)
      throws StoreException {
    String name = image.place();
    while (true) {
      String wanted = name;
      boolean whole = !name.contains("/");
      Optional<String> found =
          auths.keySet().stream()
              .map(String::valueOf)
              .filter(key -> plain(key).equals(wanted) || (whole && key.equals(image.account())))
              .findFirst();
      if (found.isPresent()) {
        return login(image, map(auths, found.get()), file);
      }
      if (whole) {
        return Optional.empty();
      }
      name = name.substring(0, name.lastIndexOf('/'));
    }
  }

  /**
   * The host in a key; old files have addresses such as {@code https://registry.example.com/v2/}.
   */
  private static String plain(String key) {
    return key.replaceFirst("^https?://", "").replaceFirst("(/v[12])?/?$", "");
  }

  private static Optional<Login> login(ImageReference image, Map<?, ?> fields, Path file)
      throws StoreException {
    Optional<String> token = text(fields, "identitytoken");
    if (token.isPresent()) {
      return token.map(Login.RefreshToken::new);
    }
    Optional<String> auth = text(fields, "auth");
    if (auth.isEmpty()) {
      return Optional.empty();
    }
    try {
      String pair =
          new String(Base64.getDecoder().decode(auth.get()), StandardCharsets.UTF_8)
              .replaceFirst("\0+$", "");
      int colon = pair.indexOf(':');
      if (colon > 0) {
        return Optional.of(new Login.Password(pair.substring(0, colon), pair.substring(colon + 1)));
      }
    } catch (IllegalArgumentException _) {
      // Not Base64; its text may be a secret, so it is not quoted.
    }
    throw failure(image, "%s: the login for %s cannot be read".formatted(file, image.host()));
  }

  private static Map<?, ?> map(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static Optional<String> text(Map<?, ?> fields, String name) {
    return Stream.ofNullable(fields.get(name))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private static StoreException failure(ImageReference image, String why) {
    return new StoreException.Failed(
        image.place(), "log in", why, "`docker login %s` writes it again".formatted(image.host()));
  }
}
