package dev.keg.age;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The test vectors of the age project (c2sp.org/CCTV/age, without license conditions), except those
 * for armour and post-quantum keys, which Keg does not read.
 */
class TestkitTest {
  private static final String SUCCESS = "success";

  @TestFactory
  Stream<DynamicTest> each_vector_is_opened_or_refused_as_it_says() throws Exception {
    List<Vector> vectors = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(resource())) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        vectors.add(Vector.parse(entry.getName(), zip.readAllBytes()));
      }
    }
    assertThat(vectors).hasSize(92);
    return vectors.stream()
        .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> check(vector)));
  }

  private static InputStream resource() {
    return Objects.requireNonNull(TestkitTest.class.getResourceAsStream("testkit.zip"));
  }

  private static void check(Vector vector) throws Exception {
    MessageDigest released = MessageDigest.getInstance("SHA-256");
    assertThat(outcome(vector, released)).isEqualTo(vector.expected());
    if (!vector.payload().isEmpty()) {
      assertThat(HexFormat.of().formatHex(released.digest())).isEqualTo(vector.payload());
    }
  }

  private static String outcome(Vector vector, MessageDigest released) throws IOException {
    try (InputStream content = AgeInput.open(vector.file(), vector.identities())) {
      byte[] buffer = new byte[1000];
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        released.update(buffer, 0, count);
      }
      return SUCCESS;
    } catch (AgeException e) {
      return switch (e.reason()) {
        case HEADER -> "header failure";
        case NO_MATCH -> "no match";
        case MAC -> "HMAC failure";
        case PAYLOAD -> "payload failure";
      };
    }
  }

  private record Vector(
      String name, String expected, String payload, List<Identity> identities, InputStream file) {
    /** Parses lines of keys and values, an empty line, and the file. */
    static Vector parse(String name, byte[] bytes) throws IOException {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\n\n");
      String expected = "";
      String payload = "";
      InputStream file =
          new ByteArrayInputStream(text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1));
      List<Identity> identities = new ArrayList<>();
      for (String line : text.substring(0, end).lines().toList()) {
        String value = line.substring(line.indexOf(": ") + 2);
        switch (line.substring(0, line.indexOf(':'))) {
          case "expect" -> expected = value;
          case "payload" -> payload = value;
          case "identity" -> identities.add(SecretKey.parse(value));
          case "passphrase" -> identities.add(PassPhrase.of(value));
          case "compressed" -> file = new InflaterInputStream(file);
          default -> {}
        }
      }
      return new Vector(name, expected, payload, identities, file);
    }
  }
}
