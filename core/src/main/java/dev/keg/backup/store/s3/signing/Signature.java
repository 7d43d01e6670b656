package dev.keg.backup.store.s3.signing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * AWS Signature Version 4 for the service {@code s3}: a key derived from the secret, the day and
 * the region signs a canonical form of the request.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">AWS
 *     documentation</a>
 */
public final class Signature {
  /** Replaces the body's hash if TLS protects the body anyway. */
  public static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private final Credentials credentials;
  private final String region;
  private final String time;

  public Signature(Credentials credentials, String region, Instant now) {
    this.credentials = credentials;
    this.region = region;
    this.time = TIME.format(now);
  }

  /**
   * What to sign.
   *
   * @param path encoded, like the query; the headers include {@code host}
   */
  public record Subject(
      String method, String path, String query, SortedMap<String, String> headers) {}

  /** The headers to send: the given ones, the time, the body's hash, and the signature. */
  public SortedMap<String, String> sign(Subject subject, String payloadHash) {
    SortedMap<String, String> headers = new TreeMap<>();
    subject.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    headers.put("x-amz-content-sha256", payloadHash);
    headers.put("x-amz-date", time);
    @Nullable String token = credentials.sessionToken();
    if (token != null) {
      headers.put("x-amz-security-token", token);
    }
    String names = String.join(";", headers.keySet());
    String canonical =
        String.join(
            "\n",
            subject.method(),
            subject.path(),
            subject.query(),
            headers.entrySet().stream().map(Signature::line).collect(Collectors.joining()),
            names,
            payloadHash);
    headers.put(
        "authorization",
        "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s"
            .formatted(ALGORITHM, credentials.accessKey(), scope(), names, signature(canonical)));
    return headers;
  }

  private static String line(Map.Entry<String, String> header) {
    return header.getKey() + ":" + header.getValue().strip() + "\n";
  }

  private String scope() {
    return day() + "/" + region + "/s3/aws4_request";
  }

  private String day() {
    return time.substring(0, 8);
  }

  private String signature(String canonical) {
    byte[] key = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String step : new String[] {day(), region, "s3", "aws4_request"}) {
      key = Digests.hmac(key, step);
    }
    String text = String.join("\n", ALGORITHM, time, scope(), Digests.sha256(canonical));
    return HexFormat.of().formatHex(Digests.hmac(key, text));
  }
}
