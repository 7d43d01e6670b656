package dev.keg.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.tree.TreePath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class ExclusionsTest {
  @ParameterizedTest
  @CsvSource({
    "*.tmp, a.tmp, true",
    "*.tmp, deep/down/a.tmp, true",
    "*.tmp, a.tmp/inner, false",
    "cache, var/cache, true",
    "cache, var/cachet, false",
    "cache/, cache, true",
    "/cache, cache, true",
    "/cache, var/cache, false",
    "var/*, var/x, true",
    "var/*, var/x/y, false",
    "var/**, var/x/y, true",
    "var/*, other/var/x, false",
    "?.log, a.log, true",
    "?.log, ab.log, false",
    "a.b, aXb, false",
    "[x], [x], true"
  })
  void a_pattern_matches_names_anywhere_and_paths_from_the_root(
      String pattern, String path, boolean excluded) {
    assertThat(Exclusions.of(List.of(pattern)).test(TreePath.parse(path))).isEqualTo(excluded);
  }

  @Test
  void the_root_itself_is_never_left_out() {
    assertThat(Exclusions.of(List.of("**")).test(TreePath.ROOT)).isFalse();
  }
}
