package dev.keg.backup.oci;

import dev.keg.backup.oci.RegistryRequest.Body;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How requests are authorized at a registry: by a password, or by tokens that the registry's token
 * service issues for a scope. A token lives for minutes; after the next refusal, another is
 * requested.
 */
final class Authorization {
  private static final Pattern PARAMETER =
      Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,]*))");

  private final ImageReference image;
  private final Logins logins;
  private final RegistryHttp registry;
  private final Map<List<String>, String> headers = new ConcurrentHashMap<>();

  Authorization(ImageReference image, Logins logins, RegistryHttp registry) {
    this.image = image;
    this.logins = logins;
    this.registry = registry;
  }

  /** The header for requests with these scopes, if known. */
  Optional<String> header(List<String> scopes) {
    return Optional.ofNullable(headers.get(scopes));
  }

  /**
   * Gets a new header after a refusal.
   *
   * @param challenges the registry's {@code WWW-Authenticate} headers
   */
  void renew(List<String> challenges, List<String> scopes) throws StoreException {
    Optional<Login> login = logins.find(image);
    Optional<String> bearer = challenge(challenges, "bearer");
    if (bearer.isPresent()) {
      headers.put(scopes, "Bearer " + token(parameters(bearer.get()), scopes, login));
    } else if (challenge(challenges, "basic").isPresent()
        && login.isPresent()
        && login.get() instanceof Login.Password password) {
      headers.put(scopes, password.header());
    } else {
      throw refused(login.isPresent() ? "the login is not accepted" : "it needs a login");
    }
  }

  private static Optional<String> challenge(List<String> challenges, String scheme) {
    return challenges.stream()
        .filter(text -> text.strip().toLowerCase(Locale.ROOT).startsWith(scheme))
        .map(text -> text.strip().substring(scheme.length()))
        .findFirst();
  }

  private static Map<String, String> parameters(String challenge) {
    Map<String, String> parameters = new HashMap<>();
    Matcher found = PARAMETER.matcher(challenge);
    while (found.find()) {
      parameters.put(
          found.group(1).toLowerCase(Locale.ROOT),
          Objects.requireNonNullElse(found.group(2), found.group(3)));
    }
    return parameters;
  }

  private String token(Map<String, String> challenge, List<String> scopes, Optional<Login> login)
      throws StoreException {
    String realm = challenge.getOrDefault("realm", "");
    String service = challenge.getOrDefault("service", "");
    HttpResponse<byte[]> answer =
        login.isPresent() && login.get() instanceof Login.RefreshToken refresh
            ? exchange(realm, service, scopes, refresh)
            : ask(realm, service, scopes, login);
    if (answer.statusCode() == 401 || answer.statusCode() == 403) {
      throw refused(login.isPresent() ? "the login is not accepted" : "it needs a login");
    }
    if (answer.statusCode() != 200) {
      throw RegistryFailures.of(image, "log in", answer, answer.body());
    }
    try {
      Map<String, Object> fields = JsonObject.parse(answer.body());
      Object token = fields.getOrDefault("token", fields.get("access_token"));
      if (token instanceof String text && !text.isEmpty()) {
        return text;
      }
    } catch (InvalidDocument _) {
      // No token either.
    }
    throw refused("the registry's token service returned no token");
  }

  private HttpResponse<byte[]> ask(
      String realm, String service, List<String> scopes, Optional<Login> login)
      throws StoreException {
    String query =
        scopes.stream()
            .map(scope -> "&scope=" + encode(scope))
            .collect(Collectors.joining("", "service=" + encode(service), ""));
    Map<String, String> headers =
        login.isPresent() && login.get() instanceof Login.Password password
            ? Map.of("authorization", password.header())
            : Map.of();
    return registry.send(
        "log in",
        "GET",
        address(realm + (realm.contains("?") ? "&" : "?") + query),
        headers,
        Body.NONE,
        RegistryHttp.whole());
  }

  private HttpResponse<byte[]> exchange(
      String realm, String service, List<String> scopes, Login.RefreshToken refresh)
      throws StoreException {
    String form =
        "grant_type=refresh_token&client_id=keg&service=%s&scope=%s&refresh_token=%s"
            .formatted(encode(service), encode(String.join(" ", scopes)), encode(refresh.secret()));
    return registry.send(
        "log in",
        "POST",
        address(realm),
        Map.of("content-type", "application/x-www-form-urlencoded"),
        Body.of(form.getBytes(StandardCharsets.UTF_8)),
        RegistryHttp.whole());
  }

  private URI address(String text) throws StoreException {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw refused("the registry names no token service");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private StoreException refused(String why) {
    return new StoreException.Failed(
        image.place(), "log in", why, "run: docker login " + image.host());
  }
}
