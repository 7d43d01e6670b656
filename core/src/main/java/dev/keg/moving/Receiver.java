package dev.keg.moving;

import dev.keg.moving.pass.SendingPass.Result;
import dev.keg.moving.pass.SendingPass.Trust;
import dev.keg.tree.FileTree;

/** Receives the changes of a volume, repeatedly. */
interface Receiver {
  Result pass(FileTree tree, Trust trust);
}
