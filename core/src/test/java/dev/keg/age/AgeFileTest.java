package dev.keg.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeFileTest {
  private static final SecretKey KEY = SecretKey.random();

  static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  static byte[] encrypted(byte[] content, Recipient... recipients) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    AgeOutput out = new AgeOutput(file, Head.create(List.of(recipients)));
    int half = content.length / 2;
    out.write(content, 0, half);
    out.write(content, half, content.length - half);
    out.finish();
    return file.toByteArray();
  }

  private static byte[] decrypted(byte[] file, Identity... identities) throws IOException {
    try (InputStream in = AgeInput.open(new ByteArrayInputStream(file), List.of(identities))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535, 65536, 65537, 131072, 300_000})
  void what_is_written_is_read(int length) throws IOException {
    byte[] content = content(length);

    byte[] file = encrypted(content, KEY.recipient());

    assertThat(decrypted(file, KEY)).isEqualTo(content);
    int head = Head.read(new ByteArrayInputStream(file), List.of(KEY)).length();
    assertThat(file.length - head).isEqualTo((int) Payload.sealedLength(length));
    assertThat(Payload.contentLength(file.length - head)).contains((long) length);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 15, 65552 + 16, 65552 + 15, 2 * 65552 + 16})
  void no_payload_has_such_a_length(long length) {
    assertThat(Payload.contentLength(length)).isEmpty();
  }

  @Test
  void each_of_several_keys_opens_it() throws IOException {
    SecretKey second = SecretKey.random();
    byte[] file = encrypted(content(10), KEY.recipient(), second.recipient());

    assertThat(decrypted(file, second)).isEqualTo(content(10));
    assertThatThrownBy(() -> decrypted(file, SecretKey.random()))
        .isInstanceOf(AgeException.class)
        .hasMessage("no key opens it");
  }

  @Test
  void a_pass_phrase_opens_it() throws IOException {
    byte[] file = encrypted(content(10), PassPhrase.of("grüße").costing(10));

    assertThat(decrypted(file, PassPhrase.of("grüße"))).isEqualTo(content(10));
    assertThatThrownBy(() -> decrypted(file, PassPhrase.of("gruesse")))
        .hasMessage("no key opens it");
  }

  @Test
  void every_changed_bit_and_every_cut_is_found() throws IOException {
    byte[] content = content(100);
    byte[] file = encrypted(content, KEY.recipient());
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> decrypted(changed, KEY)).isInstanceOf(AgeException.class);
      byte[] cut = Arrays.copyOf(file, at);
      assertThatThrownBy(() -> decrypted(cut, KEY)).isInstanceOf(AgeException.class);
    }
  }

  @Test
  void a_header_without_end_is_not_read_to_its_end() {
    byte[] line = "-> a\n\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    byte[] version = "age-encryption.org/v1\n".getBytes(StandardCharsets.US_ASCII);
    InputStream endless =
        new SequenceInputStream(new ByteArrayInputStream(version), new ByteArrayInputStream(line));

    assertThatThrownBy(() -> AgeInput.open(endless, List.of(KEY)))
        .hasMessage("the header is too long");
  }

  @Test
  void scrypt_computes_what_its_standard_says() {
    byte[] password = "pleaseletmein".getBytes(StandardCharsets.US_ASCII);
    byte[] salt = "SodiumChloride".getBytes(StandardCharsets.US_ASCII);

    // RFC 7914, section 12
    assertThat(HexFormat.of().formatHex(Scrypt.key(password, salt, 14, 8)))
        .isEqualTo("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
  }

  @Test
  void keys_are_written_as_age_writes_them() throws IOException {
    String secret = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

    SecretKey key = SecretKey.parse(secret);

    assertThat(key.text()).isEqualTo(secret);
    assertThat(key.recipient())
        .hasToString("age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa");
    assertThat(PublicKey.parse(key.recipient().toString())).isEqualTo(key.recipient());
    assertThat(key.toString()).doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J34",
        "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J3",
        "age-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33",
        "AGE-SECRET-KEY-1",
        "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa",
      })
  void a_mistyped_key_is_refused(String text) {
    assertThatThrownBy(() -> SecretKey.parse(text)).isInstanceOf(AgeException.class);
  }
}
