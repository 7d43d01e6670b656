package dev.keg.backup.store.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.age.AgeOutput;
import dev.keg.age.FileKey;
import dev.keg.age.Head;
import dev.keg.age.Payload;
import dev.keg.age.SecretKey;
import dev.keg.age.Stanza;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreException.Forged;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that returns other content than was written. */
class HostileStoreTest {
  private static final ObjectName DB = new ObjectName("data/db/object");
  private static final ObjectName DESCRIPTION = new ObjectName("repository.json");
  private static final ObjectName WEB = new ObjectName("data/web/object");

  private final MemoryStore server = new MemoryStore(InstantSource.system());
  private final SecretKey secret = SecretKey.random();
  private final RepositoryKey key;
  private final EncryptedStore writer;

  HostileStoreTest() throws IOException {
    key = RepositoryKey.parse(secret.text());
    writer = new EncryptedStore(server, key);
  }

  /** A store that has not read anything yet. */
  private EncryptedStore reader() {
    return new EncryptedStore(server, key);
  }

  private void put(ObjectName name, byte[] content) throws IOException {
    try (PendingObject object = writer.create(name, Size.ZERO)) {
      object.write(content);
      object.publish();
    }
  }

  private byte[] stored(ObjectName name) throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    return Arrays.copyOf(buffer.array(), server.read(name, 0, buffer));
  }

  private static byte[] readAll(EncryptedStore store, ObjectName name) throws IOException {
    try (InputStream in = store.open(name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void nothing_of_the_content_is_stored_in_the_open() throws IOException {
    byte[] content = "the content of a small file, long enough".getBytes(StandardCharsets.US_ASCII);
    put(DB, content);

    assertThat(new String(stored(DB), StandardCharsets.ISO_8859_1)).doesNotContain("small file");
    assertThat(writer.list("")).extracting(StoredObject::size).containsExactly(new Size(40));
  }

  @Test
  void an_object_in_the_place_of_another_is_found() throws IOException {
    put(DB, bytes(10));
    put(WEB, bytes(20));
    server.damage(DB, stored(WEB));

    assertThatThrownBy(() -> readAll(reader(), DB))
        .isInstanceOf(Forged.class)
        .hasMessage("memory:: data/db/object: another object is in its place");
  }

  @Test
  void an_object_of_somebody_who_only_knows_the_public_key_is_found() throws IOException {
    put(DB, bytes(10));
    FileKey fileKey = FileKey.random();
    Stanza proof = new Stanza(List.of("keg-object", DB.text()), new byte[32]);
    ByteArrayOutputStream forged = new ByteArrayOutputStream();
    AgeOutput out =
        new AgeOutput(
            forged, Head.create(fileKey, List.of(secret.recipient().wrap(fileKey), proof)));
    out.write(bytes(10));
    out.finish();
    server.damage(DB, forged.toByteArray());

    assertThatThrownBy(() -> readAll(reader(), DB)).isInstanceOf(Forged.class);
  }

  /** Anybody who knows the operator's public key can make a key object around another secret. */
  @Test
  void a_planted_key_encrypts_nothing() throws IOException {
    Vault vault = new Vault(server, List.of(DESCRIPTION));
    SecretKey operator = SecretKey.random();
    vault.keys().add("real", key, List.of(operator.recipient()));
    put(DESCRIPTION, bytes(10));
    vault.keys().add("00000000", RepositoryKey.random().rotated(), List.of(operator.recipient()));

    assertThat(vault.unlock(source(operator)).text()).isEqualTo(key.text());

    server.damage(DESCRIPTION, bytes(500));
    assertThatThrownBy(() -> vault.unlock(source(operator))).isInstanceOf(Forged.class);
    server.delete(DESCRIPTION);
    assertThatThrownBy(() -> vault.unlock(source(operator)))
        .hasMessage("memory:: open: its keys have different secrets");
  }

  @Test
  void after_an_interrupted_rotation_the_new_secret_encrypts() throws IOException {
    Vault vault = new Vault(server, List.of(DESCRIPTION));
    SecretKey operator = SecretKey.random();
    RepositoryKey rotated = key.rotated();
    vault.keys().add("a-old", key, List.of(operator.recipient()));
    vault.keys().add("b-new", rotated, List.of(operator.recipient()));
    put(DESCRIPTION, bytes(10));

    assertThat(vault.unlock(source(operator)).text()).isEqualTo(rotated.text());
  }

  private static KeySource source(SecretKey operator) {
    return () -> Optional.of(Secret.parse(operator.text()));
  }

  @Test
  void a_plain_object_is_found() throws IOException {
    put(DB, bytes(10));
    server.damage(DB, bytes(500));

    assertThatThrownBy(() -> readAll(reader(), DB)).isInstanceOf(Forged.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Payload.CHUNK, 2 * Payload.CHUNK, 2 * Payload.CHUNK + 5})
  void every_cut_is_found_by_whoever_reads_to_the_end(int length) throws IOException {
    put(DB, bytes(length));
    byte[] whole = stored(DB);
    int head = Head.read(new ByteArrayInputStream(whole), List.of(secret)).length();
    for (int end :
        new int[] {
          0, 10, head, head + 15, head + Payload.SEALED, head + 2 * Payload.SEALED, whole.length - 1
        }) {
      if (end < whole.length) {
        server.damage(DB, Arrays.copyOf(whole, end));
        assertThatThrownBy(() -> readAll(reader(), DB)).isInstanceOf(Forged.class);
      }
    }
    server.damage(DB, Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> readAll(reader(), DB)).isInstanceOf(Forged.class);
  }

  @Test
  void that_an_object_ends_is_proved_also_beyond_its_end() throws IOException {
    put(DB, bytes(3 * Payload.CHUNK));
    byte[] whole = stored(DB);
    ByteBuffer one = ByteBuffer.allocate(1);

    assertThat(reader().read(DB, 10 * Payload.CHUNK, one)).isZero();
    server.damage(DB, Arrays.copyOf(whole, whole.length - Payload.SEALED));
    assertThatThrownBy(() -> reader().read(DB, 10 * Payload.CHUNK, one)).isInstanceOf(Forged.class);
  }

  @Test
  void a_chunk_in_the_place_of_another_is_found() throws IOException {
    put(DB, bytes(3 * Payload.CHUNK));
    byte[] whole = stored(DB);
    int head = Head.read(new ByteArrayInputStream(whole), List.of(secret)).length();
    System.arraycopy(whole, head, whole, head + Payload.SEALED, Payload.SEALED);
    server.damage(DB, whole);

    ByteBuffer first = ByteBuffer.allocate(Payload.CHUNK);
    assertThat(reader().read(DB, 0, first)).isEqualTo(Payload.CHUNK);
    assertThatThrownBy(() -> readAll(reader(), DB)).isInstanceOf(Forged.class);
  }

  @Test
  void a_small_object_costs_one_request_and_a_range_two() throws IOException {
    put(DB, bytes(1000));
    put(WEB, bytes(5 * Payload.CHUNK));
    server.clearLog();

    assertThat(readAll(reader(), DB)).hasSize(1000);
    assertThat(server.log()).hasSize(1);
    server.clearLog();
    reader().read(WEB, 4 * Payload.CHUNK, ByteBuffer.allocate(100));
    assertThat(server.log()).hasSize(2);
  }
}
