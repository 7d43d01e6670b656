package dev.keg.moving;

import dev.keg.moving.pass.SendingPass.Result;
import dev.keg.moving.pass.SendingPass.Trust;
import dev.keg.tree.FileTree;

/** Takes what changed in a volume, again and again. */
interface Receiver {
  Result pass(FileTree tree, Trust trust);
}
