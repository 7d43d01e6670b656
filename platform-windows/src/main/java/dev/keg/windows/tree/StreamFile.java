package dev.keg.windows.tree;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream that is too large for an attribute, and that a tree shows as a file. Its name contains
 * characters that are invalid in Windows file names:
 *
 * <pre>
 * table:note:$DATA  a stream of the file table beside it
 * :note:$DATA       a stream of the directory that it is in
 * </pre>
 *
 * @param owner the file or directory
 * @param ofDirectory whether it is a directory
 * @param stream the name of the stream
 */
record StreamFile(TreePath owner, boolean ofDirectory, String stream) {
  private static final Pattern NAME =
      Pattern.compile("(?!\\.{1,2}:)([^:]*):([^:\\\\/\\x00-\\x1F]+):\\$DATA");

  /** Empty if it is a path of a plain file. */
  static Optional<StreamFile> of(TreePath path) {
    if (path.isRoot()) {
      return Optional.empty();
    }
    try {
      Matcher name = NAME.matcher(path.name().utf8());
      if (!name.matches()) {
        return Optional.empty();
      }
      boolean ofDirectory = name.group(1).isEmpty();
      TreePath parent = path.parent();
      return Optional.of(
          new StreamFile(
              ofDirectory ? parent : parent.child(ByteString.utf8(name.group(1))),
              ofDirectory,
              name.group(2)));
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  /**
   * The name of such a file; empty if it would be too long.
   *
   * @param owner the name of the file, or an empty one for the directory
   */
  static Optional<ByteString> name(ByteString owner, String stream) {
    return Optional.of(owner.plus(ByteString.utf8(":" + stream + ":$DATA")))
        .filter(name -> name.length() <= TreePath.MAX_NAME);
  }
}
