/* The classic pointer program: change two variables through their addresses. */
#include <stdio.h>

#include "kernels.h"

int main(void)
{
    int a = 5, b = 8;

    /* First way: pass the address of a variable. */
    fibo(&a, &b);
    printf("first way:  a = %d at %p, ", a, (void *)&a);
    printf("b = %d at %p\n", b, (void *)&b);

    /* Second way: make a pointer variable first, and pass its value. */
    int *pa = &a, *pb = &b;
    fibo(pa, pb);
    printf("second way: *pa = %d at %p, ", *pa, (void *)pa);
    printf("*pb = %d at %p\n", *pb, (void *)pb);

    printf("same address in &a and pa: %s\n", &a == pa ? "yes" : "no");
    printf("pa takes %zu bytes, at %p\n", sizeof pa, (void *)&pa);
    return 0;
}
