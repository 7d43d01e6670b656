package dev.keg.registry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnNamesTest {
  @ParameterizedTest
  @CsvSource({
    ".keg-cp-0, true, true",
    ".keg-cp-0123456789abcdef, true, true",
    ".keg-restore, true, false",
    ".keg-cp-, false, false",
    ".keg-cp-0123456789abcdef0, false, false",
    ".keg-cp-x, false, false",
    ".keg-restore2, false, false",
    "file, false, false",
  })
  void only_names_of_keg_are_recognised(String name, boolean own, boolean copy) {
    assertThat(OwnNames.isOwn(ByteString.utf8(name))).isEqualTo(own);
    assertThat(OwnNames.isCopy(name)).isEqualTo(copy);
    assertThat(OwnNames.isOwn(TreePath.parse(name))).isEqualTo(own);
    assertThat(OwnNames.isOwn(TreePath.parse("dir/" + name))).as("below the root").isFalse();
  }

  @Test
  void the_name_of_a_copy_is_recognised() {
    assertThat(OwnNames.copy(-1)).isEqualTo(".keg-cp-ffffffffffffffff");
    assertThat(OwnNames.isCopy(OwnNames.copy(Long.MIN_VALUE))).isTrue();
  }
}
