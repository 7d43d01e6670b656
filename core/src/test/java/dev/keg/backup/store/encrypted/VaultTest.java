package dev.keg.backup.store.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.age.PassPhrase;
import dev.keg.age.SecretKey;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.encrypted.KeyRing.Kind;
import dev.keg.backup.store.encrypted.Vault.State;
import dev.keg.volume.Size;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {
  private static final ObjectName DESCRIPTION = new ObjectName("repository.json");

  private final MemoryStore store = new MemoryStore(InstantSource.system());
  private final Vault vault = new Vault(store, List.of(DESCRIPTION));

  /** A file with this content. */
  private record File(String text) implements KeySource {
    @Override
    public Optional<Secret> given() {
      return Optional.of(secret(text));
    }

    @Override
    public Optional<Secret> ask(String prompt) {
      throw new AssertionError("asked");
    }

    @Override
    public Optional<Secret> choose(String subject, boolean wanted) {
      throw new AssertionError("asked");
    }
  }

  /** Read in the usual way, but with minimal work for a pass phrase, which is tested elsewhere. */
  private static Secret secret(String text) {
    Secret read = Secret.parse(text);
    if (read.identities().stream().noneMatch(PassPhrase.class::isInstance)) {
      return read;
    }
    PassPhrase phrase = ((PassPhrase) read.identities().getFirst()).costing(4);
    return new Secret(List.of(phrase), List.of(phrase));
  }

  private static void put(ObjectStore into, ObjectName name) throws IOException {
    try (PendingObject object = into.create(name, Size.ZERO)) {
      object.write('{');
      object.publish();
    }
  }

  private RepositoryKey made(String phrase) throws StoreException {
    return vault.make(new File(phrase), "first", true).orElseThrow();
  }

  @Test
  void a_place_is_empty_plain_or_encrypted() throws IOException {
    assertThat(vault.state()).isEqualTo(State.EMPTY);

    put(store, DESCRIPTION);
    assertThat(vault.state()).isEqualTo(State.PLAIN);

    store.delete(DESCRIPTION);
    RepositoryKey key = made("phrase");
    assertThat(vault.state()).isEqualTo(State.ENCRYPTED);
    put(vault.opened(key), DESCRIPTION);
    assertThat(vault.state()).isEqualTo(State.ENCRYPTED);
  }

  @Test
  void the_key_that_made_it_opens_it_and_no_other() throws IOException {
    RepositoryKey key = made("phrase\n");

    assertThat(vault.unlock(new File("phrase")).text()).isEqualTo(key.text());
    assertThatThrownBy(() -> vault.unlock(new File("other")))
        .hasMessage("memory:: open: the pass phrase or key is wrong");
    assertThatThrownBy(() -> vault.unlock(KeySource.NONE))
        .hasMessage("memory:: open: it is encrypted, but no key is given");
    assertThatThrownBy(() -> vault.unlock(new File(SecretKey.random().recipient().toString())))
        .hasMessage("memory:: open: a public key opens no repository");
  }

  @Test
  void a_second_key_opens_the_same() throws IOException {
    RepositoryKey key = made("phrase");
    SecretKey second = SecretKey.random();
    vault.keys().add("second", key, List.of(second.recipient()));

    assertThat(vault.unlock(new File("# by age-keygen\n" + second.text() + "\n")).text())
        .isEqualTo(key.text());
    assertThat(vault.keys().list())
        .extracting(KeyRing.Entry::kind)
        .containsExactly(Kind.PASS_PHRASE, Kind.KEY);
    vault.keys().remove("first");
    assertThatThrownBy(() -> vault.unlock(new File("phrase")))
        .isInstanceOf(StoreException.Failed.class);
  }

  @Test
  void keys_without_number_cost_no_work_without_end() throws Exception {
    RepositoryKey key = made("phrase");
    for (int i = 0; i < 100; i++) {
      vault.keys().add("more" + i, key, Secret.parse(SecretKey.random().text()).recipients());
    }

    assertThatThrownBy(() -> vault.unlock(new File("phrase")))
        .isInstanceOf(StoreException.Failed.class)
        .hasMessageContaining("101 keys");
    assertThat(vault.keys().removeUnlessLast("more7")).isTrue();
    assertThat(vault.unlock(new File("phrase")).fingerprint()).isEqualTo(key.fingerprint());
  }

  @Test
  void a_damaged_key_hides_no_other() throws IOException {
    RepositoryKey key = made("phrase");
    vault.keys().add("second", key, List.of(SecretKey.random().recipient()));
    store.damage(new ObjectName("keys/second.age"), new byte[] {1});

    assertThat(vault.unlock(new File("phrase")).text()).isEqualTo(key.text());
    assertThat(vault.keys().list())
        .extracting(KeyRing.Entry::kind)
        .containsExactly(Kind.PASS_PHRASE, Kind.DAMAGED);
  }

  @Test
  void after_a_rotation_the_new_key_reads_all_and_the_old_one_nothing_new() throws IOException {
    RepositoryKey before = made("phrase");
    RepositoryKey after = before.rotated();
    ObjectName old = new ObjectName("data/old");
    ObjectName recent = new ObjectName("data/recent");
    put(vault.opened(before), old);
    put(vault.opened(after), recent);

    assertThat(vault.opened(after).open(old)).hasBinaryContent(new byte[] {'{'});
    assertThat(vault.opened(after).open(recent)).hasBinaryContent(new byte[] {'{'});
    assertThatThrownBy(() -> vault.opened(before).open(recent))
        .isInstanceOf(StoreException.Forged.class);
    assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
  }

  @Test
  void a_line_end_of_windows_is_not_part_of_a_pass_phrase() throws StoreException {
    RepositoryKey key = made("agenda\r\n");

    assertThat(vault.unlock(new File("agenda")).text()).isEqualTo(key.text());
  }

  @Test
  void a_damaged_key_is_named_where_none_opens() throws StoreException {
    made("phrase");
    store.damage(new ObjectName("keys/first.age"), new byte[] {1});

    assertThatThrownBy(() -> vault.unlock(new File("phrase")))
        .isInstanceOfSatisfying(
            StoreException.Failed.class,
            e -> assertThat(e.hint()).get().asString().contains("keys/first.age"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "two\nlines",
        "AGE-SECRET-KEY-1QQQ",
        "age1qqq",
        "Age-secret-key-1",
        "ssh-ed25519 AAAA"
      })
  void what_can_be_no_secret_is_refused(String text) {
    assertThatThrownBy(() -> Secret.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_secret_does_not_show_itself() {
    assertThat(Secret.parse("phrase").toString()).doesNotContain("phrase");
  }
}
