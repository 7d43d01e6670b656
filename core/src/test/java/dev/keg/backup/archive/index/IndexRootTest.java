package dev.keg.backup.archive.index;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexRootTest {
  @Test
  void a_page_is_named_once() {
    IndexRoot.Page page =
        new IndexRoot.Page("", 8, 100, 200, ByteString.of(new byte[32]), 1, TreePath.ROOT);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new IndexRoot(
                    Footer.FIRST,
                    new FrameKey(1, 2),
                    new Totals(1, 0, 0, 0),
                    ByteString.EMPTY,
                    new IndexRoot.ObjectNames(),
                    List.of(page, page)))
        .withMessage("index pages overlap at byte 8");
  }
}
