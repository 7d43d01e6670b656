package dev.keg.registry.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.registry.record.RecordStore.ListedRecord;
import dev.keg.registry.record.RecordStore.StoredRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of every store of records. */
public abstract class RecordStoreContract {
  private static final String KEY = "volumes/db.json";

  protected abstract RecordStore store();

  private String put(String key, String text, String expected) {
    return store().put(key, text, expected).orElseThrow();
  }

  @Test
  void a_record_is_read_with_the_version_of_its_writing() {
    assertThat(store().get(KEY)).isEmpty();
    String version = put(KEY, "{\"größe\":\"1\"}\n", RecordStore.NONE);

    assertThat(store().get(KEY)).contains(new StoredRecord("{\"größe\":\"1\"}\n", version));
  }

  @Test
  void the_second_of_two_creations_of_one_record_fails() {
    put(KEY, "{\"a\":1}", RecordStore.NONE);

    assertThat(store().put(KEY, "{\"b\":1}", RecordStore.NONE)).isEmpty();
    assertThat(store().get(KEY)).map(StoredRecord::text).contains("{\"a\":1}");
  }

  @Test
  void the_second_of_two_changes_to_one_version_fails() {
    String version = put(KEY, "{\"a\":1}", RecordStore.NONE);
    String next = put(KEY, "{\"a\":2}", version);

    assertThat(store().put(KEY, "{\"a\":3}", version)).isEmpty();
    assertThat(store().get(KEY)).contains(new StoredRecord("{\"a\":2}", next));
  }

  @Test
  void a_record_that_is_gone_is_not_changed() {
    String version = put(KEY, "{\"a\":1}", RecordStore.NONE);
    assertThat(store().delete(KEY, version)).isTrue();

    assertThat(store().put(KEY, "{\"a\":2}", version)).isEmpty();
    assertThat(store().get(KEY)).isEmpty();
  }

  @Test
  void only_the_version_that_is_meant_is_deleted() {
    String version = put(KEY, "{\"a\":1}", RecordStore.NONE);
    String next = put(KEY, "{\"a\":2}", version);

    assertThat(store().delete(KEY, version)).isFalse();
    assertThat(store().get(KEY)).isPresent();
    assertThat(store().delete(KEY, next)).isTrue();
    assertThat(store().delete(KEY, next)).isTrue();
  }

  @Test
  void a_list_has_the_versions_of_all_records_of_a_folder() {
    List<String> versions =
        IntStream.range(0, 25)
            .mapToObj(i -> put("volumes/v%02d.json".formatted(i), "{\"n\":" + i + "}", ""))
            .toList();
    put("hosts/h.json", "{}", RecordStore.NONE);

    List<ListedRecord> listed = store().list("volumes/");
    assertThat(listed).extracting(ListedRecord::version).containsExactlyElementsOf(versions);
    assertThat(listed.get(7).key()).isEqualTo("volumes/v07.json");
    assertThat(listed)
        .allSatisfy(
            record ->
                assertThat(record.text().or(() -> text(record.key())))
                    .isEqualTo(text(record.key())));
  }

  private Optional<String> text(String key) {
    return store().get(key).map(StoredRecord::text);
  }

  @Test
  void a_store_that_keeps_its_promises_passes_the_probe() {
    assertThat(store().probe()).isTrue();
    assertThat(store().list("probe/")).isEmpty();
  }
}
