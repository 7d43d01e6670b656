package dev.keg.backup.store.s3.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples in the AWS documentation, "Authenticating Requests (Signature Version 4)". */
public class SignatureTest {
  private static final Credentials EXAMPLE =
      new Credentials(
          "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null, null);
  private static final String EMPTY = Digests.sha256("");

  @Test
  void a_ranged_get_is_signed_as_documented() {
    assertThat(sign("GET", "/test.txt", "", Map.of("Range", "bytes=0-9"), EMPTY))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void a_put_is_signed_as_documented() {
    Map<String, String> headers =
        Map.of(
            "Date", "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class", "REDUCED_REDUNDANCY");

    assertThat(
            sign(
                "PUT",
                "/" + UriEncoding.path("test$file.text"),
                "",
                headers,
                Digests.sha256("Welcome to Amazon S3.")))
        .endsWith(
            "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  @Test
  void a_query_without_a_value_is_signed_as_documented() {
    assertThat(
            sign(
                "GET",
                "/",
                UriEncoding.query(new TreeMap<>(Map.of("lifecycle", ""))),
                Map.of(),
                EMPTY))
        .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }

  @Test
  void a_listing_is_signed_as_documented() {
    String query = UriEncoding.query(new TreeMap<>(Map.of("prefix", "J", "max-keys", "2")));

    assertThat(sign("GET", "/", query, Map.of(), EMPTY))
        .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @Test
  void a_session_token_is_sent_and_signed() {
    Credentials session = new Credentials("AKID", "secret", "token", null);
    SortedMap<String, String> headers =
        new Signature(session, "eu-central-1", Instant.parse("2026-11-20T10:58:01Z"))
            .sign(subject("GET", "/", "", Map.of()), EMPTY);

    assertThat(headers).containsEntry("x-amz-security-token", "token");
    assertThat(headers.get("authorization"))
        .contains("/20261120/eu-central-1/s3/aws4_request")
        .contains("x-amz-security-token,");
  }

  @Test
  void all_but_the_unreserved_characters_are_encoded() {
    assertThat(UriEncoding.path("a/b c+~é.-_*'(%")).isEqualTo("a/b%20c%2B~%C3%A9.-_%2A%27%28%25");
    assertThat(UriEncoding.encode("a/b")).isEqualTo("a%2Fb");
  }

  @Test
  void digests_are_those_of_the_bytes_given() {
    byte[] bytes = "Welcome to Amazon S3. and more".getBytes(StandardCharsets.UTF_8);

    assertThat(Digests.sha256(bytes, 21)).isEqualTo(Digests.sha256("Welcome to Amazon S3."));
    assertThat(Digests.md5(new byte[0], 0)).isEqualTo("1B2M2Y8AsgTpgAmY7PhCfg==");
  }

  @Test
  void credentials_print_without_their_secrets() {
    assertThat(new Credentials("AKID", "hidden", "token", null).toString()).isEqualTo("AKID");
  }

  private static String sign(
      String method, String path, String query, Map<String, String> headers, String hash) {
    return new Signature(EXAMPLE, "us-east-1", Instant.parse("2013-05-24T00:00:00Z"))
        .sign(subject(method, path, query, headers), hash)
        .getOrDefault("authorization", "");
  }

  private static Signature.Subject subject(
      String method, String path, String query, Map<String, String> headers) {
    SortedMap<String, String> all = new TreeMap<>(headers);
    all.put("Host", "examplebucket.s3.amazonaws.com");
    return new Signature.Subject(method, path, query, all);
  }
}
