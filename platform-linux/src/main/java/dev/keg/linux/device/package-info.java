/** The devices that files lie on and their counters, as the kernel's text files tell them. */
@NullMarked
package dev.keg.linux.device;

import org.jspecify.annotations.NullMarked;
