package dev.keg.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class TreePathTest {
  @ParameterizedTest
  @CsvSource({"a,a", "./a,a", "a/,a", "a//b,a/b", "./a/./b/.,a/b", "...,...", ".,.", "./,."})
  void what_means_nothing_is_dropped(String text, String path) {
    assertThat(TreePath.parse(text)).hasToString(path);
  }

  @ParameterizedTest
  @CsvSource({
    "'',an empty name",
    "/a,an absolute name",
    "..,a name with '..' in it",
    "a/..,a name with '..' in it"
  })
  void what_leads_out_is_refused(String text, String why) {
    assertThatThrownBy(() -> TreePath.parse(text)).hasMessage(why);
  }

  @ParameterizedTest
  @CsvSource({
    "'',an empty name",
    ".,a name that is '.'",
    "..,a name with '..' in it",
    "a/b,a name with a slash in it"
  })
  void a_child_has_one_plain_name(String name, String why) {
    assertThatThrownBy(() -> TreePath.ROOT.child(ByteString.utf8(name))).hasMessage(why);
  }

  @Test
  void a_directory_sorts_before_what_it_holds_and_that_before_its_sibling() {
    List<TreePath> walk =
        Stream.of("a", "a/b", "a/b/c", "a/b-c", "a\u0001", "a-b", "a.b", "aa", "b")
            .map(TreePath::parse)
            .toList();
    List<TreePath> shuffled = new java.util.ArrayList<>(walk);
    Collections.reverse(shuffled);
    shuffled.add(TreePath.ROOT);
    Collections.sort(shuffled);
    assertThat(shuffled.getFirst()).isEqualTo(TreePath.ROOT);
    assertThat(shuffled.subList(1, shuffled.size())).isEqualTo(walk);
  }

  @Test
  void it_knows_its_parent_its_name_and_its_depth() {
    TreePath path = TreePath.parse("a/b/c");
    assertThat(path.parent()).isEqualTo(TreePath.parse("a/b"));
    assertThat(path.name()).isEqualTo(ByteString.utf8("c"));
    assertThat(path.depth()).isEqualTo(3);
    assertThat(TreePath.parse("a").parent()).isEqualTo(TreePath.ROOT);
    assertThat(TreePath.ROOT.depth()).isZero();
  }

  @Test
  void a_path_is_within_its_directories_and_itself_only() {
    TreePath path = TreePath.parse("a/b");
    assertThat(path.isWithin(TreePath.ROOT)).isTrue();
    assertThat(path.isWithin(TreePath.parse("a"))).isTrue();
    assertThat(path.isWithin(path)).isTrue();
    assertThat(TreePath.parse("ab").isWithin(TreePath.parse("a"))).isFalse();
    assertThat(TreePath.parse("a").isWithin(path)).isFalse();
  }

  @Test
  void a_message_shows_no_control_character() {
    assertThat(TreePath.ROOT.child(ByteString.utf8("a\u001b[2J\n\\é\u202e")))
        .hasToString("a\\033[2J\\n\\\\é\\342\\200\\256");
    assertThat(TreePath.ROOT.child(ByteString.of((byte) 'a', (byte) 0xe9))).hasToString("a\\351");
  }
}
