package dev.keg.backup.oci;

import dev.keg.error.InvalidInput.InvalidImage;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The location of an image: {@code REGISTRY/NAME[:TAG][@DIGEST]}. The registry is mandatory, so
 * that no default sends the only copy of a database to an unexpected host.
 *
 * @param host with its port
 * @param digest identifies the manifest, whatever the tag means by now
 */
public record ImageReference(String host, String repository, String tag, Optional<Digest> digest) {
  private static final String TAG = "\\w[\\w.-]{0,127}";
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?<host>(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::\\d{1,5})?)"
              + "/(?<name>[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
              + "(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*)"
              + "(?::(?<tag>"
              + TAG
              + "))?"
              + "(?:@(?<digest>.+))?");
  private static final Pattern LOCAL =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");
  private static final int LONGEST = 255;
  private static final String DOCKER_HUB = "docker.io";

  public static ImageReference parse(String text) {
    Matcher parts = GRAMMAR.matcher(text);
    if (text.length() > LONGEST + 200 || !parts.matches()) {
      throw new InvalidImage(text);
    }
    String host = parts.group("host");
    String name = parts.group("name");
    if (!host.matches(".*[.:].*|localhost") || name.length() > LONGEST) {
      throw new InvalidImage(text);
    }
    boolean isShort = host.equals(DOCKER_HUB) && !name.contains("/");
    return new ImageReference(
        host,
        isShort ? "library/" + name : name,
        Optional.ofNullable(parts.group("tag")).orElse("latest"),
        Optional.ofNullable(parts.group("digest"))
            .map(digest -> Digest.lookup(digest).orElseThrow(() -> new InvalidImage(text))));
  }

  /** The server's host name; for Docker Hub, it differs from the one in references. */
  String server() {
    return host.equals(DOCKER_HUB) ? "registry-1.docker.io" : host;
  }

  /** The key of the registry's stored credentials. */
  String account() {
    return host.equals(DOCKER_HUB) ? "https://index.docker.io/v1/" : host;
  }

  /** Whether traffic to the registry cannot be intercepted. */
  boolean isLocal() {
    return isLocal(host);
  }

  static boolean isLocal(String host) {
    return LOCAL.matcher(host).matches();
  }

  /** Whether the text is a valid tag, and so safe to print: a registry may return anything. */
  static boolean isTag(String text) {
    return text.matches(TAG);
  }

  /** The last part of the image's name. */
  public String shortName() {
    return repository.substring(repository.lastIndexOf('/') + 1);
  }

  /** The tag or digest that identifies the manifest in requests. */
  String version() {
    return digest.map(Digest::text).orElse(tag);
  }

  /** The name without the version. */
  String place() {
    return host + "/" + repository;
  }

  @Override
  public String toString() {
    return digest.map(of -> place() + "@" + of).orElse(place() + ":" + tag);
  }
}
