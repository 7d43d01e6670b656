package dev.keg.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartialTreeTest {
  @Test
  void a_part_tells_of_changes_through_mappings_as_the_whole_does() {
    FakeTree whole = new FakeTree();
    PartialTree part = new PartialTree(whole, TreePath.ROOT, _ -> false);

    assertThat(part.settle()).isTrue();
    whole.settles = false;
    assertThat(part.settle()).isFalse();
  }
}
