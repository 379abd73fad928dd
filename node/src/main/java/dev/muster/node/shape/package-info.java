/**
 * Records of an application as they travel: what JSON and bincode they are, what they have to be like, and how that is
 * told to others. Knows neither events nor components; both are such records.
 */
@NullMarked
package dev.muster.node.shape;

import org.jspecify.annotations.NullMarked;
