/*
 * libmug: coffee and milk.
 */

#error "TODO 1: remove this line, and declare what c/src/lib.rs exports"
