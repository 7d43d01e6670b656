package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.KnownRepositories.Known;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class KnownRepositoriesTest {
  private static final String PLACE = "/srv/backups";
  private final BackedHost host = new BackedHost();
  private final KnownRepositories known = new KnownRepositories(host.registry);

  @Test
  void a_repository_that_volumes_are_backed_up_to_is_not_trusted_by_that() {
    known.remember(PLACE);

    assertThat(known.all()).containsExactly(new Known(PLACE, false));
    assertThat(known.trusts(PLACE, host.repository)).isFalse();
  }

  @Test
  void trust_is_for_the_repository_that_was_there_not_for_the_place() {
    known.trust(PLACE, host.repository);

    assertThat(known.trusts(PLACE, host.repository)).isTrue();
    assertThat(known.trusts("/srv/elsewhere", host.repository)).isFalse();
    assertThat(known.trusts(PLACE, host.stranger())).isFalse();
    assertThat(known.all()).containsExactly(new Known(PLACE, true));
    assertThat(known.list()).isEmpty();
  }

  @Test
  void trust_can_be_taken_back() {
    known.remember(PLACE);
    known.trust(PLACE, host.repository);

    assertThat(known.distrust(PLACE)).isTrue();
    assertThat(known.distrust(PLACE)).isFalse();
    assertThat(known.all()).containsExactly(new Known(PLACE, false));
  }

  @Test
  void a_repository_without_an_id_cannot_be_trusted() {
    assertThatThrownBy(() -> known.trust(PLACE, host.withoutDescription()))
        .hasMessageContaining("has no repository.json");
  }

  @Test
  void a_damaged_file_trusts_nothing() throws Exception {
    known.trust(PLACE, host.repository);
    Files.writeString(host.registry.layout().repositories(), "{");

    assertThat(known.trusts(PLACE, host.repository)).isFalse();
  }
}
