/*
 * A string goes in and a new one comes out. The new one belongs to the
 * library, and goes back to it.
 */
#include "check.h"

enum { LONGEST = 1000 }; /* bytes in a name, without the final zero */

static void a_string_in_and_a_string_out(void)
{
    char *greeting = NULL;
    char *other = NULL;
    CHECK_OK(kernels_greet("Ada", &greeting));
    CHECK_TEXT(greeting, "Hello, Ada!");
    /* UTF-8: the two bytes C3 AB are one letter. */
    CHECK_OK(kernels_greet("Zo\xC3\xAB", &other));
    CHECK_TEXT(other, "Hello, Zo\xC3\xAB!");
    /* The second greeting is a string of its own. */
    CHECK_TEXT(greeting, "Hello, Ada!");
    CHECK_OK(kernels_string_free(greeting));
    CHECK_TEXT(other, "Hello, Zo\xC3\xAB!");
    CHECK_OK(kernels_string_free(other));
}

static void the_longest_name(void)
{
    char name[LONGEST + 2];
    char *greeting = NULL;
    memset(name, 'x', sizeof name);
    name[LONGEST] = '\0';
    CHECK_OK(kernels_greet(name, &greeting));
    CHECK_INT((int64_t)strlen(greeting), (int64_t)strlen("Hello, !") + LONGEST);
    CHECK_OK(kernels_string_free(greeting));

    greeting = NULL;
    name[LONGEST] = 'x';
    name[LONGEST + 1] = '\0';
    CHECK_STATUS(kernels_greet(name, &greeting), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("the name has 1001 bytes");
    CHECK(greeting == NULL);
}

static void a_bad_name_writes_nothing(void)
{
    char ours[] = "ours";
    char *room[2] = {ours, ours};
    char **odd = (char **)one_byte_off((void *)room);
    CHECK_STATUS(kernels_greet(NULL, room), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("name is null");
    CHECK_STATUS(kernels_greet("Ada", NULL), KERNELS_ERROR_NULL);
    CHECK_MESSAGE("out_greeting is null");
    CHECK_STATUS(kernels_greet("Ada", odd), KERNELS_ERROR_ALIGNMENT);
    CHECK_STATUS(kernels_greet("", room), KERNELS_ERROR_PARAMETER);
    CHECK_MESSAGE("the name has 0 bytes");
    /* Latin-1 for the same name as above: no UTF-8. */
    CHECK_STATUS(kernels_greet("Zo\xEB", room), KERNELS_ERROR_ENCODING);
    CHECK_MESSAGE("byte 2 is wrong");
    CHECK(room[0] == ours && room[1] == ours);
}

static void only_the_librarys_strings_go_back_and_only_once(void)
{
    char ours[] = "on the stack";
    char *from_malloc = (char *)malloc(6);
    char *greeting = NULL;
    CHECK(from_malloc != NULL);
    memcpy(from_malloc, "heap!", 6);
    CHECK_OK(kernels_greet("Ada", &greeting));

    CHECK_OK(kernels_string_free(NULL));
    CHECK_STATUS(kernels_string_free(ours), KERNELS_ERROR_HANDLE);
    CHECK_STATUS(kernels_string_free(from_malloc), KERNELS_ERROR_HANDLE);
    /* Only the address that was handed out is a string of the library. */
    CHECK_STATUS(kernels_string_free(greeting + 1), KERNELS_ERROR_HANDLE);
    CHECK_TEXT(greeting, "Hello, Ada!");
    CHECK_OK(kernels_string_free(greeting));
    CHECK_STATUS(kernels_string_free(greeting), KERNELS_ERROR_HANDLE);
    CHECK_MESSAGE("freed before");

    /* Nobody has freed ours. */
    CHECK_TEXT(from_malloc, "heap!");
    free(from_malloc);
}

int main(void)
{
    a_string_in_and_a_string_out();
    CHECK_NO_MESSAGE();
    the_longest_name();
    a_bad_name_writes_nothing();
    only_the_librarys_strings_go_back_and_only_once();
    return 0;
}
