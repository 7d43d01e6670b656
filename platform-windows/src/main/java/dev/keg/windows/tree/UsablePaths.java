package dev.keg.windows.tree;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.volume.WindowsNames;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * The paths that Windows supports. Linux allows names that Windows interprets as a device, another
 * file, or a way out of the tree: {@code ..\..\file} is a single name there.
 */
final class UsablePaths {
  private static final String REFUSED = "<>:\"|?*\\";

  private UsablePaths() {}

  /** Why a file with this path cannot be created; empty if it can. */
  static Optional<String> whyNot(TreePath path) {
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      Optional<String> why = whyNot(at.name());
      if (why.isPresent()) {
        return why;
      }
      if (at.depth() == 1 && isOfSystem(at.name())) {
        return Optional.of("Windows reserves a directory of this name");
      }
    }
    return Optional.empty();
  }

  static boolean isOfSystem(ByteString name) {
    return WindowsNames.isOfSystem(name.toString());
  }

  private static Optional<String> whyNot(ByteString name) {
    try {
      String text = name.utf8();
      return text.chars().anyMatch(UsablePaths::isRefused)
          ? Optional.of("Windows does not allow all characters of its name")
          : WindowsNames.whyUnusable(text);
    } catch (CharacterCodingException _) {
      return Optional.of("its name is not UTF-8");
    }
  }

  private static boolean isRefused(int c) {
    return c < ' ' || REFUSED.indexOf(c) >= 0;
  }
}
